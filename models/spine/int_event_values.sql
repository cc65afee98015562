-- Grain: one row per customer, snapshot date and feature made of events; whoever had no
-- such event too. A view: it is asked for one date.

{{ config(materialized='view') }}

select
    snapshots.customer_id,
    snapshots.snapshot_date,
    features.feature,
    features.measure,
    {{ event_value('features.measure', 'event_snapshots') }} as feature_value

from {{ ref('int_customer_snapshots') }} as snapshots
cross join {{ ref('int_event_features') }} as features
left join {{ ref('int_event_snapshots') }} as event_snapshots
    on
        snapshots.customer_id = event_snapshots.customer_id
        and snapshots.snapshot_date = event_snapshots.snapshot_date
        and features.event_type = event_snapshots.event_type
