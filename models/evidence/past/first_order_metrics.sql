-- Grain: one row per target that predicts an amount, a number or classes (of first
-- orders, and given outcomes), model and cut-off or fold, and one over all of them.

with

{% set key = 'target, model, cutoff_date' %}
predictions as (

    select
        *,
        cutoff_date as judged_date

    from {{ ref('int_first_order_predictions') }}

    union all

    select
        * replace (null::date as cutoff_date),
        cutoff_date as judged_date

    from {{ ref('int_first_order_predictions') }}

),

-- Shares of the ranks among the customers of the same cut-off, ties sharing theirs.
amounts as (

    select
        *,
        {{ mean_rank('predicted', key) }} as predicted_rank,
        {{ mean_rank('actual', key) }} as actual_rank,
        rank() over (partition by {{ key }} order by predicted desc)
        <= ceil(count(*) over (partition by {{ key }}) / 10.0) as is_top_decile

    from predictions

    where kind = 'amount'

),

segments as (

    select
        target,
        model,
        cutoff_date,
        is_baseline,
        judged_date,
        customer_id,
        -- The first in the alphabet where two are equally probable.
        max_by(segment, predicted) = any_value(actual_segment) as is_right,
        coalesce(sum(case when actual = 1 then predicted end), 0)
            as actual_probability,
        -- A segment that nobody was in before has no probability.
        sum(power(predicted - actual, 2)) + if(sum(actual) = 0, 1, 0) as squared_error

    from predictions

    where kind = 'multiclass'

    group by all

)

select
    target,
    model,
    'amount' as kind,

    count(*) as n,
    round(
        round(sum(predicted), 6) / nullif(round(sum(actual), 6), 0) - 1, 9
    )::double as bias,
    round(avg(abs(predicted - actual)::decimal(38, 9)), 9)::double as mae,
    round(sqrt(avg(power(predicted - actual, 2)::decimal(38, 9))), 9)::double as rmse,
    round(
        1 - sum(power(predicted - actual, 2)) / nullif(
            sum(power(actual, 2)) - power(sum(actual), 2) / count(*), 0
        ), 9
    )::double as r2,
    case
        when min(predicted) < max(predicted) and min(actual) < max(actual)
            then round(corr(predicted_rank, actual_rank), 9)::double
    end as spearman,
    round(sum(if(is_top_decile, actual, null)) / nullif(sum(actual), 0), 9)::double
        as top_decile_capture,
    round(avg(actual::decimal(38, 9)), 9)::double as mean_actual,
    null::double as accuracy,
    null::double as log_loss,
    null::double as brier,
    is_baseline,
    {{ split_columns('target', 'cutoff_date') }}

from amounts

group by all

union all

select
    target,
    model,
    'multiclass' as kind,

    count(*) as n,
    {% for column in [
        'bias', 'mae', 'rmse', 'r2', 'spearman', 'top_decile_capture', 'mean_actual'
    ] %}
    null::double as {{ column }},
    {% endfor %}
    round(avg(is_right::int), 9)::double as accuracy,
    round(avg(-ln(greatest(actual_probability, 1e-6))::decimal(18, 9)), 9)::double
        as log_loss,
    round(avg(squared_error::decimal(18, 9)), 9)::double as brier,
    is_baseline,
    {{ split_columns('target', 'cutoff_date') }}

from segments

group by all
