-- Grain: one row per target about customers that a model serves, not a baseline.

select
    chosen_models.target,
    chosen_models.model,
    -- A blend is fitted as its vote; BG/NBD is added to what that says.
    case
        when chosen_models.model = 'blend' then 'soft_vote'
        else chosen_models.model
    end as fitted_model,
    chosen_models.variant

from {{ ref('chosen_models') }} as chosen_models
inner join {{ ref('prediction_targets') }} as targets
    on chosen_models.target = targets.target

where
    chosen_models.status = 'model served'
    and targets.population = 'customer'
