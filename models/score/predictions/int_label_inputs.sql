-- Grain: one row per customer, day (that of learning, and today's) and feature that is
-- known: attributes as they were valid then, and features of the orders before the day.

{% set as_they_are = ['share', 'rate', 'hour'] %}

with

customers as (

    select * from {{ ref('int_label_customers') }}

),

snapshots as (

    select
        snapshots.*,
        snapshots.snapshot_date = {{ learning_date() }} as is_learning,
        snapshots.snapshot_date = {{ as_of_date() }} as is_now

    from {{ ref('int_customer_snapshots') }} as snapshots

),

features as (

    select
        attributes.customer_id,
        {{ valid_at('attributes', learning_date()) }} as is_learning,
        {{ valid_at('attributes', as_of_date()) }} as is_now,
        'attribute.' || attributes.attribute_name as feature,
        attributes.value_number,
        case when attributes.value_number is null then attributes.value_text end
            as value_text,
        attributes.value_number as shown_number

    from {{ ref('stg_customer_attributes') }} as attributes

    {% for feature in snapshot_features() %}
    union all

    select
        customer_id,
        is_learning,
        is_now,
        '{{ feature }}' as feature,
        {% if feature.split('_')[-1] in as_they_are %}
        round({{ feature }}::double, 9) as value_number,
        {% else %}
        round(ln(1 + greatest({{ unitless_feature(feature) }}, 0)::double), 9)
            as value_number,
        {% endif %}
        null as value_text,
        {{ feature }}::double as shown_number

    from snapshots

    where
        {{ feature }} is not null
        and (is_learning or is_now)
    {% endfor %}

)

select
    customers.customer_id,
    customers.label_row,
    features.is_learning,
    features.is_now,
    features.feature,
    features.value_number,
    features.value_text,
    features.shown_number

from features
inner join customers on features.customer_id = customers.customer_id

where
    features.is_learning
    or features.is_now
