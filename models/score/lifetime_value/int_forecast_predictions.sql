-- Grain: one row per customer, horizon and model that what serves is made of, as of the
-- as-of date: the amount it predicts.
{{ config(materialized='view') }}

with

members as (

    {{ lifetime_value_blend_rows() }}

),

-- What the model of each horizon is made of: itself, or the members of a blend.
chosen as (

    select
        chosen.horizon_days,
        chosen.model,
        coalesce(members.model, chosen.model) as member,
        coalesce(members.share, 1.0) as share,
        coalesce(members.is_first, true) as is_first,
        coalesce(members.is_levelled, false) as is_levelled

    from {{ ref('chosen_lifetime_value_models') }} as chosen
    left join members on chosen.model = members.blend

),

season as (

    select
        periods.period_number as horizon_days,
        periods.effective_days / periods.days as season_index

    from {{ ref('int_forecast_periods') }} as periods
    inner join {{ ref('int_as_of_date') }} as clock
        on periods.cutoff_date = clock.as_of_date

    where periods.period_kind = 'horizon'

),

predicted as (

    select
        horizon_days,
        customer_number,
        model,
        predicted_amount

    from {{ ref('int_order_forecasts') }}

    where is_as_of_date

    union all

    select
        horizon_days,
        customer_number,
        model,
        predicted_amount

    from {{ ref('int_baseline_amounts') }}

    where is_as_of_date

    union all

    select
        forecasts.horizon_days,
        forecasts.customer_number,
        forecasts.model,
        round(
            {{ from_money_units(
                'forecasts.predicted_amount * season.season_index'
            ) }}, 9
        ) as predicted_amount

    from {{ ref('ml_amount_forecasts') }} as forecasts
    inner join season on forecasts.horizon_days = season.horizon_days

)

select
    predicted.customer_number,
    chosen.horizon_days,
    chosen.model,
    chosen.member,
    chosen.share,
    chosen.is_first,
    chosen.is_levelled,
    predicted.predicted_amount

from chosen
inner join predicted
    on
        chosen.horizon_days = predicted.horizon_days
        and chosen.member = predicted.model
