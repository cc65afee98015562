-- Grain: one row per target that is served and customer who is eligible as of the as-of
-- date; of a given outcome, every customer.

{% if not has_area('predictions') %}
{{ no_rows() }}
{% else %}
with

reasons as (

    select
        target,
        customer_id,
        max(case when reason_rank = 1 then reason end) as reason_1,
        max(case when reason_rank = 2 then reason end) as reason_2,
        max(case when reason_rank = 3 then reason end) as reason_3

    from {{ ref('int_prediction_reasons') }}

    group by
        target,
        customer_id

),

scores as (

    select
        scores.customer_id,
        scores.target,
        scores.model,
        scores.variant,
        reasons.reason_1,
        reasons.reason_2,
        reasons.reason_3,
        null as predicted_class,
        null as known_outcome,
        targets.horizon_days,
        scores.probability,
        null as predicted_value

    from {{ ref('int_customer_scores') }} as scores
    inner join {{ ref('prediction_targets') }} as targets
        on scores.target = targets.target
    left join reasons
        on
            scores.target = reasons.target
            and scores.customer_id = reasons.customer_id

    union all

    select * from {{ ref('int_label_scores') }}

),

runs as (

    select * from {{ ref('int_predictions_model_runs') }}

    union all

    select * from {{ ref('int_label_model_runs') }}

)

select
    scores.customer_id,
    scores.target,

    runs.model_run_id,
    scores.model as model_name,
    case
        when
            scores.probability >= {{ var('prediction_tier_probabilities')[0] }}
            then 'high'
        when
            scores.probability >= {{ var('prediction_tier_probabilities')[1] }}
            then 'medium'
        when scores.probability is not null then 'low'
    end as tier,
    scores.reason_1,
    scores.reason_2,
    scores.reason_3,
    scores.predicted_class,
    scores.known_outcome,

    scores.horizon_days,
    scores.probability,
    scores.predicted_value,
    percent_rank() over (
        partition by scores.target
        order by coalesce(scores.probability, scores.predicted_value)
    ) as percentile,
    -- 1: the highest tenth; equal scores are in one decile.
    least(
        floor(
            10.0 * (
                rank() over (
                    partition by scores.target
                    order by coalesce(scores.probability, scores.predicted_value) desc
                ) - 1
            ) / count(*) over (partition by scores.target)
        ), 9
    )::int + 1 as decile,

    {{ as_of_date() }} as as_of_date

from scores
inner join runs
    on
        scores.target = runs.target
        and scores.model = runs.model
        and scores.variant = runs.variant
        and runs.is_serving
{% endif %}
