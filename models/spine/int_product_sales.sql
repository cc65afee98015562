-- Grain: one row per product that was sold at least once.

with

lines as (

    select
        product_id,
        order_id,
        customer_id,
        ordered_at,
        quantity,
        line_amount,
        (matched_return_quantity::decimal(38, 4) * unit_price)::decimal(38, 4)
            as returned_amount

    from {{ ref('order_lines') }}

    where
        line_type = 'sale'
        and product_id is not null

),

totals as (

    select
        product_id,
        sum(quantity)::decimal(38, 4) as unit_count,
        sum(line_amount)::decimal(38, 4) as gross_amount,
        sum(returned_amount)::decimal(38, 4) as returned_amount,
        sum(line_amount - returned_amount)::decimal(38, 4) as net_amount,
        min(ordered_at) as first_sold_at,
        max(ordered_at) as last_sold_at

    from lines

    group by product_id

),

-- Distinct orders and customers are counted from one row each: a set of order ids for
-- every product takes many times the memory of the data. Nothing else is summed up on
-- the way, as there are nearly as many pairs as lines.
product_orders as (

    select distinct
        product_id,
        order_id

    from lines

),

order_counts as (

    select
        product_id,
        count(*) as order_count

    from product_orders

    group by product_id

),

product_customers as (

    select distinct
        product_id,
        customer_id

    from lines

),

customer_counts as (

    select
        product_id,
        count(customer_id) as customer_count

    from product_customers

    group by product_id

)

select
    totals.*,
    order_counts.order_count,
    customer_counts.customer_count,
    prices.median_unit_price

from totals
inner join order_counts on totals.product_id = order_counts.product_id
inner join customer_counts on totals.product_id = customer_counts.product_id
inner join {{ ref('int_product_prices') }} as prices
    on totals.product_id = prices.product_id
