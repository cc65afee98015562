-- Grain: one row per feature set with features made of events, customer and snapshot
-- date. A view, as the points that it is a part of.

{{ config(materialized='view') }}

select
    axes.feature_set,
    event_values.customer_id,
    event_values.snapshot_date,
    array_agg(
        (
            coalesce(
                {{ segment_event_value(
                    'event_values.measure', 'event_values.feature_value'
                ) }},
                axes.mean_value
            ) - axes.origin
        ) / axes.unit
        order by axes.position
    ) as vector

from {{ ref('int_event_values') }} as event_values
inner join {{ ref('int_segment_axes') }} as axes
    on
        event_values.feature = axes.feature
        and axes.is_event

group by
    axes.feature_set,
    event_values.customer_id,
    event_values.snapshot_date
