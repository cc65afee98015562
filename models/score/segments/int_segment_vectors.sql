-- Grain: one row per feature set, customer and snapshot date: the customer as a point.
-- A view: the points of all months take more room than is worth keeping.

{{ config(materialized='view') }}

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

-- A customer of whom no attribute is known counts as average.
average_attributes as (

    select
        feature_set,
        array_agg((mean_value - origin) / unit order by position) as vector

    from {{ ref('int_segment_axes') }}

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

    from {{ ref('int_segment_axes') }}

),

-- Not the points of all sets in one step: who asks for a set and a date shall have no
-- other computed.
all_vectors as (

    {% for feature_set in var('segment_feature_sets') %}
    {% set has_events = has_segment_events(feature_set) %}
    {% if not segment_snapshot_features(feature_set) and not has_events %}
    select
        attribute_vectors.feature_set,
        attribute_vectors.customer_id,
        clock.as_of_date as snapshot_date,
        {{ valid_at('attribute_vectors', 'clock.as_of_date') }} as is_as_of_date,
        {{ valid_at('attribute_vectors', 'clock.learning_date') }} as is_learning_date,
        attribute_vectors.vector

    from {{ ref('int_attribute_vectors') }} as attribute_vectors
    cross join clock

    where
        attribute_vectors.feature_set = '{{ feature_set }}'
        and (
            {{ valid_at('attribute_vectors', 'clock.as_of_date') }}
            or {{ valid_at('attribute_vectors', 'clock.learning_date') }}
        )
    {% else %}
    {% set attributes = segment_attributes(feature_set) %}
    select
        '{{ feature_set }}' as feature_set,
        snapshots.customer_id,
        snapshots.snapshot_date,
        snapshots.snapshot_date = clock.as_of_date as is_as_of_date,
        snapshots.snapshot_date = clock.learning_date as is_learning_date,
        {{ segment_point(feature_set) }} as vector

    from {{ ref('int_customer_snapshots') }} as snapshots
    inner join {{ ref('int_snapshot_dates') }} as dates
        on snapshots.snapshot_date = dates.snapshot_date
    cross join clock
    cross join scaling
    {% if has_events %}
    inner join {{ ref('int_event_vectors') }} as event_vectors
        on
            snapshots.customer_id = event_vectors.customer_id
            and snapshots.snapshot_date = event_vectors.snapshot_date
            and event_vectors.feature_set = '{{ feature_set }}'
    {% endif %}
    {% if attributes %}
    left join {{ ref('int_attribute_vectors') }} as attribute_vectors
        on
            snapshots.customer_id = attribute_vectors.customer_id
            and attribute_vectors.feature_set = '{{ feature_set }}'
            and {{ valid_at('attribute_vectors', 'snapshots.snapshot_date') }}
    left join average_attributes
        on average_attributes.feature_set = '{{ feature_set }}'
    {% endif %}
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
    all_vectors.is_learning_date,
    all_vectors.vector

from all_vectors
inner join {{ ref('int_segment_customers') }} as customers
    on all_vectors.customer_id = customers.customer_id
