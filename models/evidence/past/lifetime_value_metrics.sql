-- Grain: one row per model, horizon and cut-off, and one for all cut-offs of a horizon
-- together (cutoff_date null).

with

ranks as (

    select
        *,
        ceil(customer_count / 10.0) as top_count

    from {{ ref('int_backtest_ranks') }}

),

-- Whole cents, so that sums do not depend on the order they are added in.
sums as (

    select
        model,
        horizon_days,
        cutoff_date,
        count(*) as customer_count,
        count(distinct customer_id) as distinct_customer_count,
        sum(predicted_amount::decimal(38, 9))::double as predicted_sum,
        sum(actual_amount::decimal(38, 9))::double as actual_sum,
        avg(abs(predicted_amount - actual_amount)) as mae,
        avg(power(predicted_amount - actual_amount, 2)) as mean_square,
        var_pop(actual_amount) as actual_variance,
        corr(predicted_rank, actual_rank) as spearman,
        sum(actual_amount * (2 * predicted_rank - customer_count - 1))
            as predicted_area,
        sum(actual_amount * (2 * actual_rank - customer_count - 1)) as best_area,
        -- Of customers with equal predictions at the border, an equal share of each.
        sum(
            actual_amount
            * least(1, greatest(0, (top_count - place + 1)::double / tied_count))
        ) as top_sum,
        avg((actual_amount between low_amount and high_amount)::int) filter (
            where high_amount is not null
        ) as interval_coverage,
        avg(high_amount - low_amount) as interval_width

    from ranks

    group by
        model,
        horizon_days,
        cutoff_date

)

select
    model,
    horizon_days,
    cutoff_date,
    customer_count as n,
    distinct_customer_count,
    predicted_sum::decimal(38, 4) as predicted_amount,
    actual_sum::decimal(38, 4) as actual_amount,
    round(predicted_sum / nullif(actual_sum, 0) - 1, 9) as bias,
    round(mae, 9) as mae,
    round(sqrt(mean_square), 9) as rmse,
    round(1 - mean_square / nullif(actual_variance, 0), 9) as r2,
    case when not isnan(spearman) then round(spearman, 9) end as spearman,
    round(predicted_area / nullif(best_area, 0), 9) as gini,
    round(top_sum / nullif(actual_sum, 0), 9) as top_decile_capture,
    round(interval_coverage, 9) as interval_coverage,
    round(interval_width, 9) as interval_width,
    model in ('zero', 'last_period', 'run_rate', 'historic_value') as is_baseline

from sums
