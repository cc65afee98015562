-- Grain: one row per feature that customers are judged by, those of events among them.

select
    feature,
    topic,
    label,
    unit,
    usual_days

from {{ ref('prediction_features') }}

union all

select
    feature,
    topic,
    label,
    unit,
    null as usual_days

from {{ ref('int_event_features') }}
