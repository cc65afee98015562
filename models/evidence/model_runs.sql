-- Grain: one row per fitted model. Every area adds its int_<area>_model_runs as one
-- more part of this union.

select
    model_run_id,
    area,
    target,
    model,
    variant,
    cutoff_date,
    parameters,
    seed,
    data_fingerprint,
    first_training_date,
    last_training_date,
    last_outcome_date,
    n,
    library_versions,
    is_serving

from {{ ref('int_predictions_model_runs') }}
