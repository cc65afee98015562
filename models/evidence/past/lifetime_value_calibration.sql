-- Grain: one row per model, horizon, cut-off (null: all together) and tenth of the
-- customers by predicted amount.

with

deciles as (

    select
        *,
        least(
            10, 1 + floor(10 * (predicted_rank - 0.5) / customer_count)::int
        ) as decile

    from {{ ref('int_backtest_ranks') }}

)

select
    model,
    horizon_days,
    cutoff_date,
    decile,
    count(*) as n,
    round(sum(predicted_amount::decimal(38, 9))::double / count(*), 4)
        as mean_predicted_amount,
    round(sum(actual_amount::decimal(38, 9))::double / count(*), 4)
        as mean_actual_amount,
    round(avg((actual_amount > 0)::int), 9) as buyer_share,
    round(avg(nothing_probability::decimal(18, 9)), 9) as mean_nothing_probability,
    round(
        avg((actual_amount = 0)::int) filter (where nothing_probability is not null), 9
    ) as nothing_share

from deciles

group by
    model,
    horizon_days,
    cutoff_date,
    decile
