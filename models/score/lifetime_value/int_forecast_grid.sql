-- Grain: one row per cut-off, model, period and pair of repeat orders and age that some
-- customer has: what orders are expected of them, if alive, is the same for all.

with

models as (

    select * from {{ ref('int_order_models') }}

    where r is not null

),

pairs as (

    select distinct
        cutoff_date,
        horizon_days,
        is_as_of_date,
        repeat_day_count,
        age_days

    from {{ ref('int_lifetime_value_scored') }}

),

periods as (

    select
        *,
        period_kind in ('horizon', 'without_season') as is_horizon

    from {{ ref('int_forecast_periods') }}

)

select
    pairs.cutoff_date,
    models.model,
    periods.period_kind,
    periods.period_number,
    pairs.repeat_day_count,
    pairs.age_days,
    models.r,
    models.alpha,
    models.a,
    models.b,
    periods.days,
    periods.effective_days

from pairs
inner join periods
    on
        pairs.cutoff_date = periods.cutoff_date
        and pairs.horizon_days = case
            when periods.is_horizon then periods.period_number
            else {{ lifetime_value_horizons() | last }}
        end
inner join models
    on
        pairs.cutoff_date = models.snapshot_date
        -- Months and quarters are served by one model.
        and (
            periods.period_kind = 'horizon'
            or models.model = '{{ var("lifetime_value_order_model") }}'
        )
