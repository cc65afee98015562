-- Customers of whom two predictions say different chances of an order in the same days:
-- purchase_90d and churn_90d of one customer add up to one.

with

order_chances as (

    select
        predictions.customer_id,
        targets.horizon_days,
        case
            when targets.positive_when = 'no_order' then 1 - predictions.probability
            else predictions.probability
        end as order_probability

    from {{ ref('customer_predictions') }} as predictions
    inner join {{ ref('prediction_targets') }} as targets
        on predictions.target = targets.target

    where targets.positive_when in ('order', 'no_order')

)

select
    customer_id,
    horizon_days,
    min(order_probability) as lowest,
    max(order_probability) as highest

from order_chances

group by
    customer_id,
    horizon_days

having max(order_probability) - min(order_probability) > 0.00000001
