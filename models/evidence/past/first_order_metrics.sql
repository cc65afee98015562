-- Grain: one row per target about first orders that predicts an amount or a segment,
-- model and cut-off, and one over all cut-offs (cutoff_date null).

with

predictions as (

    select * from {{ ref('int_first_order_predictions') }}

    where kind <> 'binary'

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

    where kind = 'amount'

),

amounts as (

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

),

customers as (

    select
        target,
        model,
        cutoff_date,
        is_baseline,
        customer_id,
        any_value(actual_segment) as actual_segment,
        -- The first in the alphabet where two are equally probable.
        max_by(segment, predicted) as likely_segment,
        coalesce(sum(case when actual = 1 then predicted end), 0)
            as actual_probability,
        -- A segment that nobody was in before has no probability.
        sum(power(predicted - actual, 2))
        + case when sum(actual) = 0 then 1 else 0 end as squared_error

    from pooled

    where kind = 'multiclass'

    group by
        target,
        model,
        cutoff_date,
        is_baseline,
        customer_id

),

segments as (

    select
        target,
        model,
        cutoff_date,
        is_baseline,
        count(*) as n,
        avg((likely_segment = actual_segment)::int) as accuracy,
        avg(-ln(greatest(actual_probability, 1e-6))) as log_loss,
        avg(squared_error) as brier

    from customers

    group by
        target,
        model,
        cutoff_date,
        is_baseline

)

select
    target,
    model,
    'amount' as kind,

    n,
    {% for column in [
        'bias', 'mae', 'rmse', 'r2', 'spearman', 'top_decile_capture', 'mean_actual'
    ] %}
    round({{ column }}, 9)::double as {{ column }},
    {% endfor %}
    null::double as accuracy,
    null::double as log_loss,
    null::double as brier,
    is_baseline,
    cutoff_date

from amounts

union all

select
    target,
    model,
    'multiclass' as kind,

    n,
    {% for column in [
        'bias', 'mae', 'rmse', 'r2', 'spearman', 'top_decile_capture', 'mean_actual'
    ] %}
    null::double as {{ column }},
    {% endfor %}
    round(accuracy, 9)::double as accuracy,
    round(log_loss, 9)::double as log_loss,
    round(brier, 9)::double as brier,
    is_baseline,
    cutoff_date

from segments
