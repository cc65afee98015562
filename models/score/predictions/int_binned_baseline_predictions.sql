-- Grain: one row per baseline, target, cut-off and customer who is eligible then; by
-- the serving one, who is eligible at the as-of date.

with

cutoffs as (

    select distinct
        target,
        cutoff_date,
        is_serving,
        case
            when is_serving then {{ as_of_date() }} else cutoff_date
        end as snapshot_date

    from {{ ref('int_training_windows') }}

),

baselines as (

    select distinct model from {{ ref('int_baseline_scores') }}

),

base_rates as (

    select
        target,
        cutoff_date,
        probability

    from {{ ref('int_baseline_bins') }}

    where model = 'base_rate'

)

select
    cutoffs.target,
    baselines.model,
    'plain' as variant,
    cutoffs.cutoff_date,
    cutoffs.is_serving,
    eligibility.customer_id,
    -- What no training window saw has the rate of all.
    round(coalesce(bins.probability, base_rates.probability), 9) as probability

from cutoffs
inner join {{ ref('int_prediction_eligibility') }} as eligibility
    on
        cutoffs.target = eligibility.target
        and cutoffs.snapshot_date = eligibility.snapshot_date
cross join baselines
inner join {{ ref('int_baseline_scores') }} as scores
    on
        eligibility.customer_id = scores.customer_id
        and eligibility.snapshot_date = scores.snapshot_date
        and baselines.model = scores.model
inner join base_rates
    on
        cutoffs.target = base_rates.target
        and cutoffs.cutoff_date = base_rates.cutoff_date
left join {{ ref('int_baseline_bins') }} as bins
    on
        cutoffs.target = bins.target
        and cutoffs.cutoff_date = bins.cutoff_date
        and baselines.model = bins.model
        and scores.score_bin = bins.score_bin
