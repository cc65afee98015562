-- Grain: one row per slot, past date and tenth of the served lists' chances (null: the
-- whole lists).

with

chances as (

    select
        *,
        ntile(10) over (
            partition by cutoff_number, slot
            order by chance, customer_number, rank
        ) as bin

    from {{ ref('int_recommendation_chances') }}

    where
        cutoff_number > 0
        and chance is not null

),

bins as (

    select
        cutoff_number,
        slot,
        source,
        bin,
        count(*) as n,
        avg(case when source = 'hybrid' then strength end) as uncalibrated_score,
        avg(chance) as score,
        avg(is_hit::int) as hit_share

    from chances

    group by
        cutoff_number,
        slot,
        source,
        bin

),

all_bins as (

    select
        *,
        abs(score - hit_share) as calibration_error

    from bins

    union all

    select
        cutoff_number,
        slot,
        source,
        null as bin,
        sum(n) as n,
        sum(n * uncalibrated_score) / sum(n) as uncalibrated_score,
        sum(n * score) / sum(n) as score,
        sum(n * hit_share) / sum(n) as hit_share,
        sum(n * abs(score - hit_share)) / sum(n) as calibration_error

    from bins

    group by
        cutoff_number,
        slot,
        source

)

select
    all_bins.slot,
    all_bins.source,
    cutoffs.cutoff_date,
    all_bins.bin::bigint as bin,
    all_bins.n::bigint as n,
    round(all_bins.uncalibrated_score, 9) as uncalibrated_score,
    round(all_bins.score, 9) as score,
    round(all_bins.hit_share, 9) as hit_share,
    round(all_bins.calibration_error, 9) as calibration_error

from all_bins
inner join {{ ref('int_recommendation_cutoffs') }} as cutoffs
    on all_bins.cutoff_number = cutoffs.cutoff_number
