-- Grain: one row per cut-off, model, period, pair of repeat orders and age that some
-- customer has, and steps taken to the next order: what orders are expected of them, if
-- alive, is the same for all.

with

models as (

    select * from {{ ref('int_order_models') }}

    where r is not null

),

pairs as (

    select distinct
        scored.cutoff_date,
        scored.horizon_days,
        scored.is_as_of_date,
        scored.repeat_day_count,
        scored.age_days,
        models.model,
        models.k,
        models.r,
        models.alpha,
        models.a,
        models.b

    from {{ ref('int_lifetime_value_scored') }} as scored
    inner join models on scored.cutoff_date = models.snapshot_date

),

stages as (

    {{ order_stage_rows() }}

),

periods as (

    select
        *,
        period_kind in ('horizon', 'without_season') as is_horizon

    from {{ ref('int_forecast_periods') }}

)

select
    pairs.cutoff_date,
    pairs.model,
    periods.period_kind,
    periods.period_number,
    pairs.repeat_day_count,
    pairs.age_days,
    stages.stage,
    pairs.model <> 'bg_nbd' as first_can_be_last,
    pairs.k,
    pairs.r,
    pairs.alpha,
    pairs.a,
    pairs.b,
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
        -- Months and quarters are of models that may serve orders.
        and (periods.is_horizon or pairs.model <> 'bg_nbd')
inner join stages on pairs.k > stages.stage
