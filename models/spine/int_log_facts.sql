-- Grain: one row: what the order log has, so that no model guesses it again.

with

lines as (

    select * from {{ ref('stg_transactions') }}

)

select
    count(customer_id) > 0 as has_customers,
    count(product_id) > 0 as has_products,
    count(quantity) + count(amount) > 0 as has_quantities,
    count(unit_price) + count(amount) > 0 as has_prices,
    coalesce(max(abs(discount)) > 0, false) as has_discounts,
    count(unit_cost) > 0 as has_costs

from lines
