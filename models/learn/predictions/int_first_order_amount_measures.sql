-- Grain: one row per target about first orders that predicts an amount, model and
-- cut-off, and one over all cut-offs (cutoff_date null).

with

predictions as (

    select * from {{ ref('int_first_order_predictions') }}

    where kind = 'amount'

),

pooled as (

    select * from predictions

    union all

    select * replace (null::date as cutoff_date) from predictions

),

-- Shares of the ranks among the customers of the same cut-off, ties sharing theirs.
ranked as (

    select
        *,
        {{ mean_rank('predicted', 'target, model, cutoff_date') }} as predicted_rank,
        {{ mean_rank('actual', 'target, model, cutoff_date') }} as actual_rank,
        count(*) over (partition by target, model, cutoff_date) as row_count,
        rank() over (
            partition by target, model, cutoff_date
            order by predicted desc
        ) as rank_from_top

    from pooled

)

select
    target,
    model,
    cutoff_date,
    is_baseline,
    count(*) as n,
    round(sum(predicted), 6) / nullif(round(sum(actual), 6), 0) - 1 as bias,
    avg(abs(predicted - actual)) as mae,
    sqrt(avg(power(predicted - actual, 2))) as rmse,
    1 - sum(power(predicted - actual, 2)) / nullif(
        sum(power(actual, 2)) - power(sum(actual), 2) / count(*), 0
    ) as r2,
    case
        when min(predicted) < max(predicted) and min(actual) < max(actual)
            then corr(predicted_rank, actual_rank)
    end as spearman,
    sum(case when rank_from_top <= ceil(row_count / 10.0) then actual end)
    / nullif(sum(actual), 0) as top_decile_capture,
    avg(actual) as mean_actual

from ranked

group by
    target,
    model,
    cutoff_date,
    is_baseline
