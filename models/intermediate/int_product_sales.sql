-- Grain: one row per product that was sold at least once.

with

lines as (

    select
        *,
        (matched_return_quantity * unit_price)::decimal(18, 4) as returned_amount

    from {{ ref('order_lines') }}

    where
        line_type = 'sale'
        and product_id is not null

),

-- Distinct orders and customers are counted from one row each: a set of order ids for
-- every product takes many times the memory of the data.
product_orders as (

    select
        product_id,
        order_id,
        customer_id,
        sum(quantity) as unit_count,
        sum(line_amount) as gross_amount,
        sum(returned_amount) as returned_amount,
        min(ordered_at) as first_sold_at,
        max(ordered_at) as last_sold_at

    from lines

    group by
        product_id,
        order_id,
        customer_id

),

order_totals as (

    select
        product_id,
        count(*) as order_count,
        sum(unit_count)::decimal(18, 4) as unit_count,
        sum(gross_amount)::decimal(18, 4) as gross_amount,
        sum(returned_amount)::decimal(18, 4) as returned_amount,
        sum(gross_amount - returned_amount)::decimal(18, 4) as net_amount,
        min(first_sold_at) as first_sold_at,
        max(last_sold_at) as last_sold_at

    from product_orders

    group by product_id

),

product_customers as (

    select distinct
        product_id,
        customer_id

    from product_orders

),

customer_counts as (

    select
        product_id,
        count(customer_id) as customer_count

    from product_customers

    group by product_id

),

median_prices as (

    select
        product_id,
        median(unit_price)::decimal(18, 4) as median_unit_price

    from lines

    group by product_id

),

final as (

    select
        order_totals.*,
        customer_counts.customer_count,
        median_prices.median_unit_price

    from order_totals
    inner join customer_counts on order_totals.product_id = customer_counts.product_id
    inner join median_prices on order_totals.product_id = median_prices.product_id

)

select * from final
