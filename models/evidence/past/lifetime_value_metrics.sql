-- Grain: one row per model, horizon and cut-off, and one for all cut-offs of a horizon
-- together (cutoff_date null), which also says how wrong single ones were.

with

ranks as (

    select
        *,
        ceil(customer_count / 10.0) as top_count

    from {{ ref('int_backtest_ranks') }}

),

-- Whole cents, so that sums do not depend on the order they are added in.
measured as (

    select
        model,
        horizon_days,
        cutoff_date,
        count(*) as customer_count,
        count(distinct customer_id) as distinct_customer_count,
        sum(predicted_amount::decimal(38, 9))::double as predicted_sum,
        sum(actual_amount::decimal(38, 9))::double as actual_sum,
        round(
            sum(predicted_amount::decimal(38, 9))::double
            / nullif(sum(actual_amount::decimal(38, 9))::double, 0) - 1, 9
        ) as bias,
        avg(abs(predicted_amount - actual_amount)) as mae,
        avg(power(predicted_amount - actual_amount, 2)) as mean_square,
        var_pop(actual_amount) as actual_variance,
        -- What is said of most customers, whatever the largest ones bring.
        sum(case when predicted_rank <= 0.9 * customer_count then predicted_amount end)
        / nullif(sum(
            case when predicted_rank <= 0.9 * customer_count then actual_amount end
        ), 0) - 1 as bias_below_top_decile,
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

    group by all

),

-- A customer is scored at one date: errors of opposite sign do not make up for each
-- other.
by_date as (

    select
        model,
        horizon_days,
        round(avg(abs(bias)::decimal(18, 9)), 9) as mean_absolute_bias,
        avg(bias_below_top_decile) as bias_below_top_decile,
        min(bias) as lowest_bias,
        max(bias) as highest_bias,
        round(min(interval_coverage), 9) as lowest_interval_coverage,
        round(max(interval_coverage), 9) as highest_interval_coverage

    from measured

    where cutoff_date is not null

    group by all

)

select
    measured.model,
    measured.horizon_days,
    measured.cutoff_date,
    measured.customer_count as n,
    measured.distinct_customer_count,
    measured.predicted_sum::decimal(38, 4) as predicted_amount,
    measured.actual_sum::decimal(38, 4) as actual_amount,
    measured.bias,
    by_date.mean_absolute_bias,
    case
        when by_date.highest_bias >= -by_date.lowest_bias then by_date.highest_bias
        else by_date.lowest_bias
    end as worst_bias,
    round(
        coalesce(by_date.bias_below_top_decile, measured.bias_below_top_decile), 9
    ) as bias_below_top_decile,
    -- Amounts to the digits that sums in any order agree in.
    round(measured.mae, 4) as mae,
    round(sqrt(measured.mean_square), 4) as rmse,
    round(1 - measured.mean_square / nullif(measured.actual_variance, 0), 9) as r2,
    case when not isnan(measured.spearman) then round(measured.spearman, 9) end
        as spearman,
    round(measured.predicted_area / nullif(measured.best_area, 0), 9) as gini,
    round(measured.top_sum / nullif(measured.actual_sum, 0), 9) as top_decile_capture,
    round(measured.interval_coverage, 9) as interval_coverage,
    by_date.lowest_interval_coverage,
    by_date.highest_interval_coverage,
    round(measured.interval_width, 4) as interval_width,
    measured.model in (
        'zero', 'last_period', 'seasonal_naive', 'run_rate', 'historic_value'
    ) as is_baseline

from measured
left join by_date
    on
        measured.cutoff_date is null
        and measured.model = by_date.model
        and measured.horizon_days = by_date.horizon_days
