-- Grain: one row per earlier cut-off, horizon, customer and model: what was predicted
-- and what came.

with

predicted as (

    select * from {{ ref('int_backtest_predictions') }}

),

factors as (

    select * from {{ ref('int_blend_factors') }}

),

-- The mean of models that err in different ways.
blended as (

    select
        predicted.cutoff_date,
        predicted.horizon_days,
        predicted.customer_number,
        factors.blend as model,
        sum(
            round(predicted.predicted_amount * factors.factor, 9)::decimal(38, 9)
        )::double as predicted_amount

    from predicted
    inner join factors
        on
            predicted.model = factors.model
            and predicted.cutoff_date = factors.cutoff_date
            and predicted.horizon_days = factors.horizon_days

    group by
        predicted.cutoff_date,
        predicted.horizon_days,
        predicted.customer_number,
        factors.blend

    having count(*) = max(factors.member_count)

),

all_models as (

    select * from predicted

    union all

    select * from blended

),

-- Looked up once, for the sampled customers alone.
outcomes as (

    select
        scored.cutoff_date,
        scored.horizon_days,
        scored.customer_id,
        scored.customer_number,
        outcomes.net_amount::double as actual_amount

    from {{ ref('int_lifetime_value_scored') }} as scored
    inner join {{ ref('int_customer_outcomes') }} as outcomes
        on
            scored.customer_id = outcomes.customer_id
            and scored.cutoff_date = outcomes.snapshot_date
            and scored.horizon_days = outcomes.horizon_days

    where
        not scored.is_as_of_date
        and outcomes.is_observed

)

select
    all_models.cutoff_date,
    all_models.horizon_days,
    outcomes.customer_id,
    all_models.model,
    all_models.predicted_amount,
    outcomes.actual_amount

from all_models
inner join outcomes
    on
        all_models.customer_number = outcomes.customer_number
        and all_models.cutoff_date = outcomes.cutoff_date
        and all_models.horizon_days = outcomes.horizon_days
