-- Grain: one row per fitted model. Every area adds its int_<area>_model_runs as one more
-- part of this union.

select * from {{ ref('int_predictions_model_runs') }}
