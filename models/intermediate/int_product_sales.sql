-- Grain: one row per product that was sold at least once.

with

lines as (

    select
        product_id,
        order_id,
        customer_id,
        ordered_at,
        quantity,
        unit_price,
        line_amount,
        (matched_return_quantity * unit_price)::decimal(18, 4) as returned_amount

    from {{ ref('order_lines') }}

    where
        line_type = 'sale'
        and product_id is not null

),

totals as (

    select
        product_id,
        sum(quantity)::decimal(18, 4) as unit_count,
        sum(line_amount)::decimal(18, 4) as gross_amount,
        sum(returned_amount)::decimal(18, 4) as returned_amount,
        sum(line_amount - returned_amount)::decimal(18, 4) as net_amount,
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

),

-- The median from the few prices a product has had, not from every line.
price_counts as (

    select
        product_id,
        unit_price,
        count(*) as line_count

    from lines

    group by
        product_id,
        unit_price

),

price_positions as (

    select
        product_id,
        unit_price,
        line_count,
        sum(line_count) over (
            partition by product_id
            order by unit_price
        ) as last_position,
        sum(line_count) over (partition by product_id) as position_count

    from price_counts

),

-- The one or two prices in the middle: both where the middle falls between them.
median_prices as (

    select
        product_id,
        avg(unit_price)::decimal(18, 4) as median_unit_price

    from price_positions

    where
        2 * last_position >= position_count
        and 2 * (last_position - line_count) <= position_count

    group by product_id

)

select
    totals.*,
    order_counts.order_count,
    customer_counts.customer_count,
    median_prices.median_unit_price

from totals
inner join order_counts on totals.product_id = order_counts.product_id
inner join customer_counts on totals.product_id = customer_counts.product_id
inner join median_prices on totals.product_id = median_prices.product_id
