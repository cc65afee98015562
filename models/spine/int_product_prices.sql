-- Grain: one row per product that was sold at least once.

with

-- The median from the few prices a product has had, not from every line.
price_counts as (

    select
        product_id,
        unit_price,
        count(*) as line_count

    from {{ ref('order_lines') }}

    where
        line_type = 'sale'
        and product_id is not null

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

)

-- The one or two prices in the middle: both where the middle falls between them.
select
    product_id,
    avg(unit_price)::decimal(18, 4) as median_unit_price

from price_positions

where
    2 * last_position >= position_count
    and 2 * (last_position - line_count) <= position_count

group by product_id
