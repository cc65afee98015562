-- Grain: one row per target that is served and eligible customer as of now.

with

chosen as (

    select
        chosen_models.target,
        chosen_models.status,
        chosen_models.model,
        chosen_models.variant,
        targets.horizon_days,
        targets.positive_when

    from {{ ref('chosen_models') }} as chosen_models
    inner join {{ ref('prediction_targets') }} as targets
        on chosen_models.target = targets.target

),

due as (

    select * from {{ ref('int_prediction_eligibility') }}

    where is_as_of_date

),

baselines as (

    select * from {{ ref('int_baseline_predictions') }}

    where is_serving

),

scores as (

    select
        due.target,
        due.customer_id,
        due.feature_row,
        chosen.model,
        chosen.variant,
        case
            when chosen.model = 'blend' and order_models.probability is not null
                then round({{ blended_probability(
                    'scores.probability',
                    'order_models.probability',
                    'chosen.positive_when',
                    'demand.expected_change'
                ) }}, 9)
            else scores.probability
        end as probability

    from {{ ref('ml_customer_scores') }} as scores
    inner join due
        on
            scores.target = due.target
            and scores.feature_row = due.feature_row
    inner join chosen on scores.target = chosen.target
    left join baselines as order_models
        on
            due.target = order_models.target
            and due.customer_id = order_models.customer_id
            and order_models.model = 'bg_nbd'
    left join {{ ref('int_demand_signals') }} as demand
        on
            order_models.cutoff_date = demand.snapshot_date
            and chosen.horizon_days = demand.horizon_days

    union all

    select
        due.target,
        due.customer_id,
        due.feature_row,
        chosen.model,
        chosen.variant,
        baselines.probability

    from baselines
    inner join chosen
        on
            baselines.target = chosen.target
            and baselines.model = chosen.model
            and chosen.status = 'baseline served'
    inner join due
        on
            baselines.target = due.target
            and baselines.customer_id = due.customer_id

),

answers as (

    {{ answered_once('scores', ['customer_id']) }}

)

select
    target,
    customer_id,
    feature_row,
    model,
    variant,
    probability

from answers
