-- Grain: one row per target, model, variant, back-test cut-off (of given outcomes: fold
-- as a day) and customer judged: what was predicted, and what came.

with

labels as (

    select * from {{ ref('int_prediction_labels') }}

    where is_observed

),

fitted as (

    select
        ml.target,
        ml.model,
        ml.variant,
        labels.snapshot_date as cutoff_date,
        labels.customer_id,
        ml.probability,
        labels.is_positive,
        false as is_baseline

    from {{ ref('ml_classifier_predictions') }} as ml
    inner join labels
        on
            ml.target = labels.target
            and ml.customer_number = labels.customer_number
            and ml.cutoff_date::date = labels.snapshot_date

),

baselines as (

    select
        baselines.target,
        baselines.model,
        baselines.variant,
        labels.snapshot_date as cutoff_date,
        labels.customer_id,
        baselines.probability,
        labels.is_positive,
        true as is_baseline

    from {{ ref('int_baseline_predictions') }} as baselines
    inner join labels
        on
            baselines.target = labels.target
            and baselines.customer_id = labels.customer_id
            and baselines.cutoff_date = labels.snapshot_date

    where not baselines.is_serving

),

-- A blend is the mean of the soft vote, moved to the expected demand, and BG/NBD.
models as (

    select * from fitted

    union all

    select
        votes.* replace (
            'blend' as model,
            round({{ blended_probability(
                'votes.probability', 'order_models.probability',
                'targets.positive_when', 'demand.expected_change'
            ) }}, 9) as probability
        )

    from fitted as votes
    inner join baselines as order_models
        on
            votes.target = order_models.target
            and votes.cutoff_date = order_models.cutoff_date
            and votes.customer_id = order_models.customer_id
            and order_models.model = 'bg_nbd'
    inner join {{ ref('prediction_targets') }} as targets
        on votes.target = targets.target
    left join {{ ref('int_demand_signals') }} as demand
        on
            votes.cutoff_date = demand.snapshot_date
            and targets.horizon_days = demand.horizon_days

    where
        votes.model = 'soft_vote'
        and votes.variant = 'level'

),

-- As they would be served; the baselines stay what each is by itself.
answers as (

    {{ answered_once('models', ['model', 'variant', 'cutoff_date', 'customer_id']) }}

)

{% set key = 'target, model, variant, cutoff_date, customer_id' %}
select {{ key }}, probability, is_positive, is_baseline from answers

union all

select {{ key }}, probability, is_positive, is_baseline from baselines

union all

select
    {{ key }},
    predicted as probability,
    actual > 0 as is_positive,
    is_baseline

from {{ ref('int_first_order_predictions') }}

where kind = 'binary'
