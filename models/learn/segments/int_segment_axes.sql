-- Grain: one row per feature set and feature: an element of its vectors, comparable.

with

snapshots as (

    select * from {{ ref('int_customer_snapshots') }}

    where snapshot_date = {{ learning_date() }}

),

feature_values as (

    {% for feature in segment_snapshot_features() %}
    select
        '{{ feature }}' as feature,
        '{{ feature }}' as listed_name,
        {{ segment_value(feature) }} as feature_value,
        1 as value_count

    from snapshots

    union all
    {% endfor %}
    select
        feature,
        'attribute.' || attribute_name as listed_name,
        feature_value,
        value_count

    from {{ ref('int_attribute_features') }} as attributes

    where {{ valid_at('attributes', learning_date()) }}

    union all

    select
        feature,
        feature as listed_name,
        {{ segment_event_value('measure', 'feature_value') }} as feature_value,
        1 as value_count

    from {{ ref('int_event_values') }}

    where snapshot_date = {{ learning_date() }}

),

measured as (

    select
        feature,
        listed_name,
        max(value_count) as value_count,
        -- Rounded, because the last digits of a sum depend on the order of the rows.
        round(avg(feature_value), 9) as mean_value,
        round(stddev_pop(feature_value), 9) as deviation

    from feature_values

    group by
        feature,
        listed_name

    having count(feature_value) > 0

),

listed as (

    {{ listed_segment_features() }}

)

select
    listed.feature_set,
    row_number() over (
        partition by listed.feature_set
        order by
            listed.is_attribute, listed.is_event, listed.list_number, measured.feature
    ) as position,
    coalesce(measured.feature, max(listed.listed_name)) as feature,
    listed.is_attribute,
    listed.is_event,
    coalesce(measured.deviation > 0, false) as is_varying,
    coalesce(measured.mean_value, 0) as mean_value,
    {% if var('segment_feature_scaling') == 'none' %}
    0.0::double as origin,
    1.0::double as unit
    {% else %}
    coalesce(measured.mean_value, 0) as origin,
    -- The features of a text attribute share the weight of one.
    coalesce(nullif(measured.deviation, 0), 1) * sqrt(coalesce(measured.value_count, 1))
        as unit
    {% endif %}

from listed
left join measured
    on
        listed.listed_name = measured.listed_name
        or (
            listed.listed_name like '%*%'
            and measured.listed_name
            like replace(replace(listed.listed_name, '_', '!_'), '*', '%') escape '!'
        )

-- What is not there has no place, a feature of orders that nobody has keeps its.
where measured.feature is not null or listed.list_number is not null

-- An attribute may be listed by its name and by "attribute.*".
group by
    listed.feature_set,
    listed.is_attribute,
    listed.is_event,
    listed.list_number,
    measured.feature,
    measured.mean_value,
    measured.deviation,
    measured.value_count
