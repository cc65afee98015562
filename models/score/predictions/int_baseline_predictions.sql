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

eligible as (

    select
        eligibility.target,
        eligibility.horizon_days,
        eligibility.positive_when,
        eligibility.customer_id,
        cutoffs.snapshot_date,
        cutoffs.cutoff_date,
        cutoffs.is_serving,
        base_rates.probability as base_rate

    from cutoffs
    inner join {{ ref('int_prediction_eligibility') }} as eligibility
        on
            cutoffs.target = eligibility.target
            and cutoffs.snapshot_date = eligibility.snapshot_date
    inner join {{ ref('int_baseline_bins') }} as base_rates
        on
            cutoffs.target = base_rates.target
            and cutoffs.cutoff_date = base_rates.cutoff_date
            and base_rates.model = 'base_rate'

)

select
    eligible.target,
    scores.model,
    'plain' as variant,
    eligible.cutoff_date,
    eligible.is_serving,
    eligible.customer_id,
    -- What no training window saw has the rate of all.
    round(coalesce(bins.probability, eligible.base_rate), 9) as probability

from eligible
inner join {{ ref('int_baseline_scores') }} as scores
    on
        eligible.customer_id = scores.customer_id
        and eligible.snapshot_date = scores.snapshot_date
left join {{ ref('int_baseline_bins') }} as bins
    on
        eligible.target = bins.target
        and eligible.cutoff_date = bins.cutoff_date
        and scores.model = bins.model
        and scores.score_bin = bins.score_bin

union all

select
    eligible.target,
    purchases.model,
    'plain' as variant,
    eligible.cutoff_date,
    eligible.is_serving,
    eligible.customer_id,
    case
        when eligible.positive_when = 'order' then purchases.probability
        else round(1 - purchases.probability, 9)
    end as probability

from eligible
inner join {{ ref('int_purchase_probability_baseline') }} as purchases
    on
        eligible.customer_id = purchases.customer_id
        and eligible.snapshot_date = purchases.cutoff_date
        and eligible.horizon_days = purchases.horizon_days

where eligible.positive_when in ('order', 'no_order')
