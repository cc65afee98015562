-- Grain: one row per target about customers that a model serves, not a baseline.

select
    chosen_models.target,
    chosen_models.model,
    chosen_models.variant

from {{ ref('chosen_models') }} as chosen_models
inner join {{ ref('prediction_targets') }} as targets
    on chosen_models.target = targets.target

where
    chosen_models.status = 'model served'
    and targets.population = 'customer'
