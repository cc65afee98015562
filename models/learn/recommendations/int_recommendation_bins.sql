-- Grain: one row per date, slot and twentieth of the lists served before it, by their
-- strength: how often such a product was in the next basket. Between the means of two
-- bins the chance runs straight.

with

-- Whose outcome was known by the date.
earlier as (

    select
        dates.cutoff_number,
        signals.slot,
        signals.source,
        signals.strength,
        signals.is_hit::int as hit_count,
        ntile(20) over (
            partition by dates.cutoff_number, signals.slot
            order by
                signals.strength, signals.cutoff_number,
                signals.customer_number, signals.rank
        ) as bin

    from {{ ref('int_recommendation_cutoffs') }} as dates
    inner join {{ ref('int_recommendation_signals') }} as signals
        on
            dates.days_ago + {{ var('recommendation_horizon_days') }}
            <= signals.days_ago

    where dates.cutoff_number >= 0

),

bins as (

    select
        cutoff_number,
        slot,
        bin,
        count(*) as n,
        sum(hit_count) as hit_count,
        round(avg(strength), 12) as mean_strength

    from earlier

    group by all

    union all

    -- What the hybrid gives no chance has none.
    select distinct
        cutoff_number,
        slot,
        0 as bin,
        1 as n,
        0 as hit_count,
        0.0 as mean_strength

    from earlier

    where source = 'hybrid'

),

-- Isotonic regression (Robertson, Wright and Dykstra 1988): of all runs of bins that
-- begin at a bin or before it, the highest of the lowest shares up to one after it.
runs as (

    select
        bins.*,
        first_bins.bin as first_bin,
        sum(bins.hit_count) over run / sum(bins.n) over run as hit_share

    from bins as first_bins
    inner join bins
        on
            first_bins.cutoff_number = bins.cutoff_number
            and first_bins.slot = bins.slot
            and first_bins.bin <= bins.bin

    window run as (
        partition by first_bins.cutoff_number, first_bins.slot, first_bins.bin
        order by bins.bin
    )

),

lowest as (

    select
        *,
        min(hit_share) over (
            partition by cutoff_number, slot, first_bin order by bin desc
        ) as lowest_share

    from runs

)

select
    cutoff_number,
    slot,
    bin,
    n,
    mean_strength,
    max(lowest_share) as chance,
    lead(mean_strength) over following as next_strength,
    lead(max(lowest_share)) over following as next_chance

from lowest

group by
    cutoff_number,
    slot,
    bin,
    n,
    mean_strength

window following as (partition by cutoff_number, slot order by bin)
