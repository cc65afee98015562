-- Grain: one row per target that is served and eligible customer as of now.

with

base_rates as (

    select
        target,
        cutoff_date,
        max(training_row_count)::bigint as n,
        max(probability) as base_rate

    from {{ ref('int_baseline_bins') }}

    where model = 'base_rate'

    group by
        target,
        cutoff_date

),

ranked_reasons as (

    select
        *,
        row_number() over (
            partition by target, customer_id
            order by abs(contribution) desc, feature
        ) as reason_rank

    from {{ ref('int_order_model_reasons') }}

),

-- What moved the probability by BG/NBD.
order_model_reasons as (

    select
        target,
        customer_id,
        max(feature) filter (where reason_rank = 1) as feature_1,
        max(feature) filter (where reason_rank = 2) as feature_2,
        max(feature) filter (where reason_rank = 3) as feature_3,
        max(contribution) filter (where reason_rank = 1) as contribution_1,
        max(contribution) filter (where reason_rank = 2) as contribution_2,
        max(contribution) filter (where reason_rank = 3) as contribution_3

    from ranked_reasons

    group by
        target,
        customer_id

)

select
    due.target,
    due.customer_id,
    due.feature_row,
    chosen.model,
    chosen.variant,
    case
        when chosen.model = 'blend' and order_models.probability is not null
            then round({{ blended_probability(
                'scores.probability',
                'order_models.probability',
                'targets.positive_when',
                'demand.expected_change'
            ) }}, 9)
        else scores.probability
    end as probability,
    scores.n,
    scores.feature_1,
    scores.contribution_1,
    scores.feature_2,
    scores.contribution_2,
    scores.feature_3,
    scores.contribution_3

from {{ ref('ml_customer_scores') }} as scores
inner join {{ ref('int_predictions_due') }} as due
    on
        scores.target = due.target
        and scores.feature_row = due.feature_row
inner join {{ ref('chosen_models') }} as chosen on scores.target = chosen.target
inner join {{ ref('prediction_targets') }} as targets
    on scores.target = targets.target
left join {{ ref('int_baseline_predictions') }} as order_models
    on
        due.target = order_models.target
        and due.customer_id = order_models.customer_id
        and order_models.model = 'bg_nbd'
        and order_models.is_serving
left join {{ ref('int_demand_signals') }} as demand
    on
        order_models.cutoff_date = demand.snapshot_date
        and targets.horizon_days = demand.horizon_days

union all

select
    due.target,
    due.customer_id,
    due.feature_row,
    chosen.model,
    chosen.variant,
    baselines.probability,
    base_rates.n,
    -- BG/NBD has three reasons, recency one, others none.
    case
        when baselines.model = 'recency' then 'recency_days'
        else reasons.feature_1
    end as feature_1,
    case
        when baselines.model = 'recency'
            then baselines.probability - base_rates.base_rate
        else reasons.contribution_1
    end as contribution_1,
    reasons.feature_2,
    reasons.contribution_2,
    reasons.feature_3,
    reasons.contribution_3

from {{ ref('int_baseline_predictions') }} as baselines
inner join {{ ref('chosen_models') }} as chosen
    on
        baselines.target = chosen.target
        and baselines.model = chosen.model
        and chosen.status = 'baseline served'
inner join {{ ref('int_predictions_due') }} as due
    on
        baselines.target = due.target
        and baselines.customer_id = due.customer_id
inner join base_rates
    on
        baselines.target = base_rates.target
        and baselines.cutoff_date = base_rates.cutoff_date
left join order_model_reasons as reasons
    on
        baselines.target = reasons.target
        and baselines.customer_id = reasons.customer_id

where baselines.is_serving
