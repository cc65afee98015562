-- Grain: one row per given outcome that is served and customer: what is predicted by a
-- model that has not seen the customer's own outcome, and why.

{% set shown, typical = ['inputs.shown_number', 'usual.usual_number'] %}
{% set unit = "coalesce(words.unit, if(" ~ shown ~ " % 1 = 0, 'count', 'number'))" %}

with

scores as (

    select
        ml.*,
        targets.kind,
        chosen.model,
        chosen.variant

    from {{ ref('ml_label_scores') }} as ml
    inner join {{ ref('int_label_targets') }} as targets on ml.target = targets.target
    inner join {{ ref('chosen_models') }} as chosen on ml.target = chosen.target

),

inputs as (

    select * from {{ ref('int_label_inputs') }}

    where is_now

),

-- What is usual: the median, or how many share the text.
usual as (

    select
        feature,
        value_text,
        median(shown_number) as usual_number,
        count(*) / sum(count(*)) over (partition by feature) as text_share

    from inputs

    group by feature, value_text

),

moved as (

    {% for i in [1, 2, 3] %}
    select
        target,
        label_row,
        {{ i }} as reason_rank,
        feature_{{ i }} as feature,
        contribution_{{ i }} as contribution

    from scores

    where feature_{{ i }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

reasons as (

    select
        moved.target,
        moved.label_row,
        moved.reason_rank,
        case when moved.contribution >= 0 then 'Higher' else 'Lower' end
        || ' because of ' || coalesce(
            words.label, replace(replace(moved.feature, 'attribute.', ''), '_', ' ')
        ) || ': ' || coalesce(
            inputs.value_text || ' ('
            || round(100 * usual.text_share)::bigint::string || '% of customers)',
            {{ feature_value_words(shown, unit) }} || ', typically '
            || {{ feature_value_words(typical, unit) }}
        ) as reason

    from moved
    left join inputs
        on
            moved.label_row = inputs.label_row
            and moved.feature = inputs.feature
    left join usual
        on
            inputs.feature = usual.feature
            and inputs.value_text is not distinct from usual.value_text
    left join {{ ref('prediction_features') }} as words
        on moved.feature = words.feature

)

select
    customers.customer_id,
    scores.target,
    scores.model,
    scores.variant,
    {% for i in [1, 2, 3] %}
    max(if(reasons.reason_rank = {{ i }}, reasons.reason, null)) as reason_{{ i }},
    {% endfor %}
    scores.predicted_class,
    any_value(labels.value_text) as known_outcome,
    null::integer as horizon_days,
    case when scores.kind <> 'amount' then scores.predicted end as probability,
    case when scores.kind = 'amount' then scores.predicted end as predicted_value

from scores
inner join {{ ref('int_label_customers') }} as customers
    on scores.label_row = customers.label_row
left join {{ ref('stg_customer_labels') }} as labels
    on
        customers.customer_id = labels.customer_id
        and scores.target = labels.target
left join reasons
    on
        scores.target = reasons.target
        and scores.label_row = reasons.label_row

group by all
