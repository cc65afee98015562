-- Grain: one row per target about orders, back-test cut-off and customer judged: the
-- mean of the soft vote, moved to the expected demand, and BG/NBD.

select
    votes.target,
    votes.cutoff_date::date as cutoff_date,
    votes.customer_number,
    round({{ blended_probability(
        'votes.probability',
        'baselines.probability',
        'targets.positive_when',
        'demand.expected_change'
    ) }}, 9) as probability,
    votes.parameters,
    votes.seed,
    votes.n

from {{ ref('ml_classifier_predictions') }} as votes
inner join {{ ref('prediction_targets') }} as targets
    on votes.target = targets.target
inner join {{ ref('int_prediction_customers') }} as customers
    on votes.customer_number = customers.customer_number
inner join {{ ref('int_baseline_predictions') }} as baselines
    on
        votes.target = baselines.target
        and votes.cutoff_date::date = baselines.cutoff_date
        and customers.customer_id = baselines.customer_id
left join {{ ref('int_demand_signals') }} as demand
    on
        baselines.cutoff_date = demand.snapshot_date
        and targets.horizon_days = demand.horizon_days

where
    votes.model = 'soft_vote'
    and votes.variant = 'level'
    and baselines.model = 'bg_nbd'
    and not baselines.is_serving
