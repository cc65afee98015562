-- Grain: one row per earlier cut-off, horizon, customer and model: what was predicted
-- by models that are no blend.

with

season as (

    select
        cutoff_date,
        period_number as horizon_days,
        effective_days / days as season_index

    from {{ ref('int_forecast_periods') }}

    where period_kind = 'horizon'

)

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
    round(
        {{ from_money_units('backtest.predicted_amount * season.season_index') }}, 9
    ) as predicted_amount

from {{ ref('ml_amount_backtest') }} as backtest
inner join season
    on
        backtest.cutoff_date::date = season.cutoff_date
        and backtest.horizon_days = season.horizon_days
