-- Grain: one row per target about top spenders and snapshot date with its outcome
-- known: from which amount a customer is one.

with

amounts as (

    select
        eligibility.target,
        eligibility.snapshot_date,
        outcomes.net_amount,
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

    where
        eligibility.positive_when = 'top_spend'
        and outcomes.is_observed

)

select
    target,
    snapshot_date,
    -- Who spends as much as the last one taken in is one too.
    min(net_amount) as least_amount

from amounts

where
    net_amount > 0
    and amount_rank <= ceil({{ var('prediction_top_spend_share') }} * customer_count)

group by
    target,
    snapshot_date
