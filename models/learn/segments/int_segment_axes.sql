-- Grain: one row per feature set and feature: what the elements of its vectors are.

with

scaling as (

    select * from {{ ref('int_segment_scaling') }}

),

listed as (

    {% for feature_set in var('segment_feature_sets') %}
    {% set set_number = loop.index %}
    {% for feature in segment_snapshot_features(feature_set) %}
    select
        '{{ feature_set }}' as feature_set,
        {{ set_number }} as set_number,
        '{{ feature }}' as feature,
        false as is_attribute,
        {{ loop.index }} as list_number

    union all
    {% endfor %}
    {% for attribute in segment_attributes(feature_set) %}
    select
        '{{ feature_set }}' as feature_set,
        {{ set_number }} as set_number,
        feature,
        true as is_attribute,
        1000 as list_number

    from scaling

    where
        attribute_name is not null
        and '{{ attribute }}' in ('*', attribute_name)

    union all
    {% endfor %}
    {% endfor %}
    select
        null as feature_set,
        null as set_number,
        null as feature,
        null as is_attribute,
        null as list_number

),

-- An attribute may be listed by its name and by "attribute.*".
distinct_features as (

    select distinct *

    from listed

    where feature_set is not null

)

select
    distinct_features.feature_set,
    distinct_features.set_number,
    row_number() over (
        partition by distinct_features.feature_set
        order by
            distinct_features.is_attribute,
            distinct_features.list_number,
            distinct_features.feature
    ) as position,
    distinct_features.feature,
    distinct_features.is_attribute,
    coalesce(scaling.is_varying, false) as is_varying,
    coalesce(scaling.mean_value, 0) as mean_value,
    coalesce(scaling.origin, 0) as origin,
    coalesce(scaling.unit, 1) as unit

from distinct_features
left join scaling on distinct_features.feature = scaling.feature
