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

targets as (

    select
        target,
        horizon_days,
        positive_when

    from {{ ref('prediction_targets') }}

    where
        population = 'customer'
        and positive_when in ('order', 'no_order')

)

select
    target,
    model,
    variant,
    cutoff_date,
    is_serving,
    customer_id,
    probability

from {{ ref('int_binned_baseline_predictions') }}

union all

select
    cutoffs.target,
    purchases.model,
    'plain' as variant,
    cutoffs.cutoff_date,
    cutoffs.is_serving,
    eligibility.customer_id,
    case
        when targets.positive_when = 'order' then purchases.probability
        else round(1 - purchases.probability, 9)
    end as probability

from cutoffs
inner join targets on cutoffs.target = targets.target
inner join {{ ref('int_prediction_eligibility') }} as eligibility
    on
        cutoffs.target = eligibility.target
        and cutoffs.snapshot_date = eligibility.snapshot_date
inner join {{ ref('int_purchase_probability_baseline') }} as purchases
    on
        eligibility.customer_id = purchases.customer_id
        and cutoffs.snapshot_date = purchases.cutoff_date
        and targets.horizon_days = purchases.horizon_days
