-- Grain: one row per feature set, customer and snapshot date: the customer as a point.
-- A view: the points of all months take more room than is worth keeping.

{{ config(materialized='view') }}

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

axes as (

    select * from {{ ref('int_segment_axes') }}

),

customers as (

    select * from {{ ref('int_segment_customers') }}

),

attribute_vectors as (

    select * from {{ ref('int_attribute_vectors') }}

),

-- A customer of whom no attribute is known counts as average.
average_attributes as (

    select
        feature_set,
        array_agg((mean_value - origin) / unit order by position) as vector

    from axes

    where is_attribute

    group by feature_set

),

scaling as (

    select
        {% for feature in segment_snapshot_features() %}
        {% for column in ['mean_value', 'origin', 'unit'] %}
        max(case when feature = '{{ feature }}' then {{ column }} end)
            as {{ feature }}_{{ column }},
        {% endfor %}
        {% endfor %}
        count(*) as feature_count

    from axes

),

snapshots as (

    select * from {{ ref('int_customer_snapshots') }}

),

snapshot_vectors as (

    select
        snapshots.customer_id,
        snapshots.snapshot_date,
        {% for feature_set in var('segment_feature_sets') %}
        [
            {% for feature in segment_snapshot_features(feature_set) %}
            (
                coalesce(
                    {{ segment_value('snapshots.' ~ feature) }},
                    scaling.{{ feature }}_mean_value,
                    0
                ) - coalesce(scaling.{{ feature }}_origin, 0)
            ) / coalesce(scaling.{{ feature }}_unit, 1){{ ',' if not loop.last }}
            {% endfor %}
        ]::double [] as {{ feature_set }}_vector{{ ',' if not loop.last }}
        {% endfor %}

    from snapshots
    cross join scaling

),

all_vectors as (

    {% for feature_set in var('segment_feature_sets') %}
    {% if not segment_snapshot_features(feature_set) %}
    select
        attribute_vectors.feature_set,
        attribute_vectors.customer_id,
        clock.as_of_date as snapshot_date,
        true as is_as_of_date,
        attribute_vectors.vector

    from attribute_vectors
    cross join clock

    where attribute_vectors.feature_set = '{{ feature_set }}'
    {% elif segment_attributes(feature_set) %}
    select
        '{{ feature_set }}' as feature_set,
        snapshot_vectors.customer_id,
        snapshot_vectors.snapshot_date,
        snapshot_vectors.snapshot_date = clock.as_of_date as is_as_of_date,
        {{ vector_concat(
            'snapshot_vectors.' ~ feature_set ~ '_vector',
            'coalesce(attribute_vectors.vector, average_attributes.vector, [])'
        ) }} as vector

    from snapshot_vectors
    cross join clock
    left join attribute_vectors
        on
            snapshot_vectors.customer_id = attribute_vectors.customer_id
            and attribute_vectors.feature_set = '{{ feature_set }}'
    left join average_attributes
        on average_attributes.feature_set = '{{ feature_set }}'
    {% else %}
    select
        '{{ feature_set }}' as feature_set,
        snapshot_vectors.customer_id,
        snapshot_vectors.snapshot_date,
        snapshot_vectors.snapshot_date = clock.as_of_date as is_as_of_date,
        snapshot_vectors.{{ feature_set }}_vector as vector

    from snapshot_vectors
    cross join clock
    {% endif %}

    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    all_vectors.feature_set,
    all_vectors.customer_id,
    customers.customer_number,
    customers.draw_number,
    all_vectors.snapshot_date,
    all_vectors.is_as_of_date,
    all_vectors.vector

from all_vectors
inner join customers on all_vectors.customer_id = customers.customer_id
