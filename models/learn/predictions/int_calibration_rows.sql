-- Grain: one row per target that a model serves, back-test cut-off and customer: what
-- the model, moved to the expected demand, predicted, and what came.

select
    predictions.target,
    predictions.cutoff_date,
    predictions.customer_id,
    predictions.probability,
    predictions.is_positive

from {{ ref('int_classifier_predictions') }} as predictions
inner join {{ ref('int_serving_choices') }} as choices
    on
        predictions.target = choices.target
        and predictions.model = choices.fitted_model

where predictions.variant = 'level'
