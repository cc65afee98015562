-- Grain: one row per model, horizon, customer and cut-off, and once more for all cut-offs
-- together (cutoff_date null): ranks and intervals, from which metrics are counted.

with

backtest as (

    select
        backtest.model,
        backtest.horizon_days,
        backtest.cutoff_date,
        backtest.customer_id,
        backtest.predicted_amount,
        backtest.actual_amount,
        round(backtest.predicted_amount * factors.low_factor, 9) as low_amount,
        round(backtest.predicted_amount * factors.high_factor, 9) as high_amount

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

)

select
    *,
    {{ mean_rank('predicted_amount', 'model, horizon_days, cutoff_date') }}
        as predicted_rank,
    {{ mean_rank('actual_amount', 'model, horizon_days, cutoff_date') }}
        as actual_rank,
    rank() over (
        partition by model, horizon_days, cutoff_date
        order by predicted_amount desc
    ) as place,
    count(*) over (
        partition by model, horizon_days, cutoff_date, predicted_amount
    ) as tied_count,
    count(*) over (partition by model, horizon_days, cutoff_date) as customer_count

from scopes
