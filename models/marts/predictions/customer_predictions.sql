-- Grain: one row per target that is served and customer who is eligible as of the as-of

{% if not has_area('predictions') %}
{{ no_rows() }}
{% else %}
-- date.

with

scores as (

    select
        *,
        percent_rank() over (partition by target order by probability) as percentile,
        -- 1: the highest tenth; equal probabilities are in one decile.
        least(
            floor(
                10.0 * (
                    rank() over (partition by target order by probability desc) - 1
                ) / count(*) over (partition by target)
            ), 9
        )::int + 1 as decile

    from {{ ref('int_customer_scores') }}

),

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
        else 'low'
    end as tier,
    reasons.reason_1,
    reasons.reason_2,
    reasons.reason_3,

    targets.horizon_days,
    scores.probability,
    scores.percentile,
    scores.decile,

    {{ as_of_date() }} as as_of_date

from scores
inner join {{ ref('prediction_targets') }} as targets
    on scores.target = targets.target
inner join {{ ref('int_predictions_model_runs') }} as runs
    on
        scores.target = runs.target
        and scores.model = runs.model
        and scores.variant = runs.variant
        and runs.is_serving
left join reasons
    on
        scores.target = reasons.target
        and scores.customer_id = reasons.customer_id
{% endif %}
