-- Grain: one row per earlier cut-off, horizon, customer and model: what was predicted
-- and what came.

with

season as (

    select
        cutoff_date,
        period_number as horizon_days,
        effective_days / days as season_index

    from {{ ref('int_forecast_periods') }}

    where period_kind = 'horizon'

),

predicted as (

    select
        cutoff_date,
        horizon_days,
        customer_number,
        model,
        predicted_amount

    from {{ ref('int_order_forecasts') }}

    where not is_as_of_date

    union all

    select
        cutoff_date,
        horizon_days,
        customer_number,
        model,
        predicted_amount

    from {{ ref('int_baseline_amounts') }}

    where not is_as_of_date

    union all

    select
        backtest.cutoff_date::date as cutoff_date,
        backtest.horizon_days,
        backtest.customer_number,
        backtest.model,
        round(backtest.predicted_amount * season.season_index, 9) as predicted_amount

    from {{ ref('ml_amount_backtest') }} as backtest
    inner join season
        on
            backtest.cutoff_date::date = season.cutoff_date
            and backtest.horizon_days = season.horizon_days

),

members as (

    {{ lifetime_value_blend_rows() }}

),

-- The mean of models that err in different ways.
blended as (

    select
        predicted.cutoff_date,
        predicted.horizon_days,
        predicted.customer_number,
        members.blend as model,
        round(sum(predicted.predicted_amount::decimal(18, 4))::double / count(*), 9)
            as predicted_amount

    from predicted
    inner join members on predicted.model = members.model

    group by
        predicted.cutoff_date,
        predicted.horizon_days,
        predicted.customer_number,
        members.blend

    having count(*) = max(members.member_count)

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
