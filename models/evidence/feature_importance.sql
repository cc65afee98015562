-- Grain: one row per area, target, model, method and feature. Every area adds its
-- int_<area>_importance as one more part of this union.

select
    area,
    target,
    model,
    cutoff_date,
    feature,
    method,
    importance,
    importance_std

from {{ ref('int_predictions_importance') }}
