-- Grain: one row per feature set and feature: what the elements of its vectors are, and
-- how they become comparable.

{% set listed = [] %}
{% for feature_set, features in var('segment_feature_sets').items() %}
{% for feature in features | unique %}
{% set list_number = 'null' if feature.startswith('attribute.') else loop.index %}
{% do listed.append((feature_set, feature, list_number)) %}
{% endfor %}
{% endfor %}

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

    from {{ ref('int_attribute_features') }}

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

    {% for feature_set, feature, list_number in listed %}
    select
        '{{ feature_set }}' as feature_set,
        '{{ feature }}' as listed_name,
        {{ feature.startswith('attribute.') }} as is_attribute,
        {{ list_number }} as list_number

    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    listed.feature_set,
    row_number() over (
        partition by listed.feature_set
        order by listed.is_attribute, listed.list_number, measured.feature
    ) as position,
    coalesce(measured.feature, max(listed.listed_name)) as feature,
    listed.is_attribute,
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
            listed.listed_name = 'attribute.*'
            and measured.listed_name like 'attribute.%'
        )

-- An attribute that is not there has no place, a feature that nobody has keeps its.
where measured.feature is not null or not listed.is_attribute

-- An attribute may be listed by its name and by "attribute.*".
group by
    listed.feature_set,
    listed.is_attribute,
    listed.list_number,
    measured.feature,
    measured.mean_value,
    measured.deviation,
    measured.value_count
