-- Grain: one row per target, sampled eligible customer and snapshot date: what the
-- customer did in the outcome window.

with

outcomes as (

    select
        eligibility.*,
        outcomes.order_count,
        outcomes.net_amount,
        outcomes.is_observed,
        count(*) over (
            partition by eligibility.target, eligibility.snapshot_date
        ) as customer_count,
        rank() over (
            partition by eligibility.target, eligibility.snapshot_date
            order by outcomes.net_amount desc
        ) as amount_rank

    from {{ ref('int_prediction_eligibility') }} as eligibility
    inner join {{ ref('int_customer_outcomes') }} as outcomes
        on
            eligibility.customer_id = outcomes.customer_id
            and eligibility.snapshot_date = outcomes.snapshot_date
            and eligibility.horizon_days = outcomes.horizon_days

    where eligibility.is_sampled

)

select
    target,
    customer_id,
    snapshot_date,
    customer_number,
    feature_row,
    case
        when not is_observed then null
        when positive_when = 'order' then order_count > 0
        when positive_when = 'no_order' then order_count = 0
        -- Who spends as much as the last top spender is one too.
        else
            net_amount > 0
            and amount_rank
            <= ceil({{ var('prediction_top_spend_share') }} * customer_count)
    end as is_positive,
    is_observed

from outcomes
