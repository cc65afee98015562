-- Grain: one row per product that was sold at least once.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

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

totals as (

    select
        order_totals.*,
        customer_counts.customer_count,
        median_prices.median_unit_price

    from order_totals
    inner join customer_counts on order_totals.product_id = customer_counts.product_id
    inner join median_prices on order_totals.product_id = median_prices.product_id

),

shares as (

    select
        product_id,
        -- The revenue share of all products that sell more: the best seller has 0,
        -- so that it is an A however large its own share.
        (
            sum(net_amount) over (
                order by net_amount desc, product_id asc
                rows between unbounded preceding and current row
            ) - net_amount
        ) / nullif(sum(net_amount) over (), 0) as revenue_share_above

    from totals

)

select
    totals.product_id,

    descriptions.description,
    descriptions.category,
    case
        when shares.revenue_share_above < {{ var('abc_limits')[0] }} then 'A'
        when shares.revenue_share_above < {{ var('abc_limits')[1] }} then 'B'
        else 'C'
    end as abc_class,
    case
        when demand.weekly_variation <= {{ var('xyz_limits')[0] }} then 'X'
        when demand.weekly_variation <= {{ var('xyz_limits')[1] }} then 'Y'
        when demand.weekly_variation is not null then 'Z'
    end as xyz_class,

    totals.order_count,
    totals.customer_count,
    totals.unit_count,
    totals.gross_amount,
    totals.returned_amount,
    totals.net_amount,
    totals.median_unit_price,
    demand.weekly_variation,
    {{ dbt.datediff('totals.last_sold_at', 'clock.as_of_date', 'day') }}
        as days_since_last_sale,

    {{ dbt.datediff('totals.last_sold_at', 'clock.as_of_date', 'day') }}
    > {{ var('slow_mover_days') }} as is_slow_mover,

    totals.first_sold_at,
    totals.last_sold_at

from totals
inner join {{ ref('int_product_descriptions') }} as descriptions
    on totals.product_id = descriptions.product_id
left join {{ ref('int_product_demand') }} as demand
    on totals.product_id = demand.product_id
inner join shares on totals.product_id = shares.product_id
cross join clock
