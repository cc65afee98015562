-- Grain: one row per target and model: the parameters that tuning chose.

select distinct
    target,
    model,
    parameters

from {{ ref('ml_classifier_predictions') }}

where variant = 'plain'
