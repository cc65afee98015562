-- Grain: one row per model, horizon, customer and cut-off, and once more for all
-- cut-offs together (cutoff_date null): what metrics are counted from.

with

backtest as (

    select
        backtest.model,
        backtest.horizon_days,
        backtest.cutoff_date,
        backtest.cutoff_date as forecast_date,
        backtest.customer_id,
        backtest.predicted_amount,
        backtest.actual_amount,
        round(backtest.predicted_amount * factors.low_factor, 9) as low_amount,
        round(backtest.predicted_amount * factors.high_factor, 9) as high_amount,
        factors.nothing_share as nothing_probability

    from {{ ref('int_backtest_amounts') }} as backtest
    left join {{ ref('int_interval_factors') }} as factors
        on
            backtest.model = factors.model
            and backtest.horizon_days = factors.horizon_days
            and backtest.cutoff_date = factors.cutoff_date
            and backtest.predicted_amount >= factors.from_amount
            and (
                factors.to_amount is null
                or backtest.predicted_amount < factors.to_amount
            )

),

scopes as (

    select * from backtest

    union all

    select * replace (null::date as cutoff_date) from backtest

),

-- How many are below, and how many are at most as high.
counted as (

    select
        *,
        rank() over (
            partition by model, horizon_days, cutoff_date
            order by predicted_amount
        ) - 1 as lower_count,
        count(*) over (
            partition by model, horizon_days, cutoff_date
            order by predicted_amount
            range between unbounded preceding and current row
        ) as not_higher_count,
        {{ mean_rank('actual_amount', 'model, horizon_days, cutoff_date') }}
            as actual_rank,
        count(*) over (partition by model, horizon_days, cutoff_date) as customer_count

    from scopes

)

select
    model,
    horizon_days,
    cutoff_date,
    forecast_date,
    customer_id,
    predicted_amount,
    actual_amount,
    low_amount,
    high_amount,
    nothing_probability,
    -- Equal values share the mean of their ranks.
    (lower_count + 1 + not_higher_count) / 2.0 as predicted_rank,
    actual_rank,
    customer_count - not_higher_count + 1 as place,
    not_higher_count - lower_count as tied_count,
    customer_count

from counted
