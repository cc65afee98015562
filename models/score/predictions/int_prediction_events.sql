-- Grain: one row per row of int_prediction_features and feature made of events.

with

valued as (

    select
        rows_asked.feature_row,
        features.feature,
        features.feature_number,
        features.measure,
        {{ event_value('features.measure', 'snapshots') }} as feature_value

    from {{ ref('int_prediction_features') }} as rows_asked
    cross join {{ ref('int_event_features') }} as features
    left join {{ ref('int_event_snapshots') }} as snapshots
        on
            rows_asked.customer_id = snapshots.customer_id
            and rows_asked.snapshot_date = snapshots.snapshot_date
            and features.event_type = snapshots.event_type

)

select
    feature_row,
    feature,
    feature_number,
    feature_value,
    {{ scaled_event_value('measure', 'feature_value') }} as scaled_value

from valued
