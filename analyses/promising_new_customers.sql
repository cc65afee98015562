-- Which customers whose first order is less than 90 days old have the best chance to
-- order again, and what will they probably spend?

{{ config(enabled=has_area('predictions')) }}

with

predictions as (

    select * from {{ ref('first_order_predictions') }}

    where is_window_open

),

will_return as (

    select * from predictions

    where target = 'first_order_repeat_90d'

),

will_spend as (

    select * from predictions

    where target = 'first_order_spend_90d'

),

customers as (

    select * from {{ ref('customers') }}

)

select
    will_return.customer_id,
    customers.country,

    customers.net_amount as amount_until_now,
    will_return.probability as repeat_probability,
    will_spend.predicted_amount as predicted_amount_90d,
    will_return.first_ordered_date

from will_return
left join will_spend on will_return.customer_id = will_spend.customer_id
inner join customers on will_return.customer_id = customers.customer_id

order by
    will_return.probability desc,
    will_return.customer_id asc

limit 50
