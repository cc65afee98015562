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
{% for counted in ['order', 'customer'] %}
product_{{ counted }}s as (

    select distinct
        product_id,
        {{ counted }}_id

    from lines

),

{{ counted }}_counts as (

    select
        product_id,
        count({{ counted }}_id) as {{ counted }}_count

    from product_{{ counted }}s

    group by product_id

),

{% endfor %}
-- The median from the few prices a product has had, not from every line.
price_counts as (

    select
        product_id,
        unit_price,
        count(*) as line_count,
        sum(count(*)) over (partition by product_id order by unit_price)
            as last_position,
        sum(count(*)) over (partition by product_id) as position_count

    from lines

    group by
        product_id,
        unit_price

),

-- The one or two prices in the middle: both where the middle falls between them.
prices as (

    select
        product_id,
        avg(unit_price)::decimal(18, 4) as median_unit_price

    from price_counts

    where
        2 * last_position >= position_count
        and 2 * (last_position - line_count) <= position_count

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
inner join prices on totals.product_id = prices.product_id
