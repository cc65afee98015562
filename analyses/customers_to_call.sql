-- Which 50 of our most valuable customers will probably pause for 90 days, why do we
-- think so, and what could we offer them?

with

churn_risks as (

    select * from {{ ref('customer_predictions') }}

    where
        target = 'churn_90d'
        and tier = 'high'

),

values_to_come as (

    select * from {{ ref('customer_lifetime_value') }}

),

offers as (

    select * from {{ ref('customer_recommendations') }}

    where
        slot = 'repeat'
        and rank = 1

)

select
    churn_risks.customer_id,
    offers.product as product_to_offer,
    churn_risks.reason_1,
    churn_risks.reason_2,

    churn_risks.probability as churn_probability,
    values_to_come.historic_amount,
    values_to_come.predicted_amount_365d,
    values_to_come.next_order_window_end

from churn_risks
inner join values_to_come on churn_risks.customer_id = values_to_come.customer_id
left join offers on churn_risks.customer_id = offers.customer_id

order by
    values_to_come.predicted_amount_365d desc,
    churn_risks.customer_id asc

limit 50
