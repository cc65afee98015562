-- Grain: one row per date, slot and twentieth of the lists served before it, by their
-- strength: how often such a product was in the next basket. Between the means of two
-- bins the chance runs straight.

with

signals as (

    select * from {{ ref('int_recommendation_signals') }}

),

dates as (

    select distinct cutoff_number

    from signals

),

-- Higher numbers are earlier dates.
earlier as (

    select
        dates.cutoff_number,
        signals.slot,
        signals.source,
        signals.strength,
        signals.is_hit,
        ntile(20) over (
            partition by dates.cutoff_number, signals.slot
            order by
                signals.strength,
                signals.cutoff_number,
                signals.customer_number,
                signals.rank
        ) as bin

    from dates
    inner join signals on dates.cutoff_number < signals.cutoff_number

),

bins as (

    select
        cutoff_number,
        slot,
        bin,
        count(*) as n,
        count(*) filter (where is_hit) as hit_count,
        round(avg(strength), 12) as mean_strength

    from earlier

    group by
        cutoff_number,
        slot,
        bin

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
        first_bins.cutoff_number,
        first_bins.slot,
        first_bins.bin as first_bin,
        bins.bin as last_bin,
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
        rows unbounded preceding
    )

),

lowest as (

    select
        bins.cutoff_number,
        bins.slot,
        bins.bin,
        runs.first_bin,
        min(runs.hit_share) as hit_share

    from bins
    inner join runs
        on
            bins.cutoff_number = runs.cutoff_number
            and bins.slot = runs.slot
            and bins.bin between runs.first_bin and runs.last_bin

    group by
        bins.cutoff_number,
        bins.slot,
        bins.bin,
        runs.first_bin

),

chances as (

    select
        cutoff_number,
        slot,
        bin,
        max(hit_share) as chance

    from lowest

    group by
        cutoff_number,
        slot,
        bin

)

select
    bins.cutoff_number,
    bins.slot,
    bins.bin,
    bins.n,
    bins.mean_strength,
    chances.chance,
    lead(bins.mean_strength) over following as next_strength,
    lead(chances.chance) over following as next_chance

from bins
inner join chances
    on
        bins.cutoff_number = chances.cutoff_number
        and bins.slot = chances.slot
        and bins.bin = chances.bin

window following as (
    partition by bins.cutoff_number, bins.slot
    order by bins.bin
)
