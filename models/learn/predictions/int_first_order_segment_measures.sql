-- Grain: one row per target about first orders that predicts a segment, model and
-- cut-off, and one over all cut-offs (cutoff_date null).

with

predictions as (

    select * from {{ ref('int_first_order_predictions') }}

    where kind = 'multiclass'

),

pooled as (

    select * from predictions

    union all

    select * replace (null::date as cutoff_date) from predictions

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

    group by
        target,
        model,
        cutoff_date,
        is_baseline,
        customer_id

)

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
