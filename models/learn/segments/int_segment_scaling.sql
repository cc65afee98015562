-- Grain: one row per feature that customers may be compared by.

with

snapshots as (

    select * from {{ ref('int_customer_snapshots') }}

    where snapshot_date = {{ learning_date() }}

),

feature_values as (

    {% for feature in segment_snapshot_features() %}
    select
        '{{ feature }}' as feature,
        null::string as attribute_name,
        {{ segment_value(feature) }} as feature_value,
        1 as value_count

    from snapshots

    union all
    {% endfor %}
    select
        feature,
        attribute_name,
        feature_value,
        value_count

    from {{ ref('int_attribute_features') }}

),

measured as (

    select
        feature,
        attribute_name,
        count(feature_value) as known_count,
        -- Rounded, because the last digits of a sum depend on the order of the rows.
        round(avg(feature_value), 9) as mean_value,
        round(stddev_pop(feature_value), 9) as deviation,
        max(value_count) as value_count

    from feature_values

    group by
        feature,
        attribute_name

)

select
    feature,
    attribute_name,
    known_count,
    mean_value,
    deviation > 0 as is_varying,
    {% if var('segment_feature_scaling') == 'none' %}
    0.0::double as origin,
    1.0::double as unit
    {% else %}
    mean_value as origin,
    -- The features of a text attribute share the weight of one.
    coalesce(nullif(deviation, 0), 1) * sqrt(value_count) as unit
    {% endif %}

from measured

where known_count > 0
