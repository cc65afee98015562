-- Grain: one row per sale or return line of a product.

with

lines as (

    select * from {{ ref('int_transaction_lines') }}

    where line_type in ('sale', 'return')

),

matched_units as (

    select
        sale_line_id as order_line_id,
        sum(returned_units) as unit_count

    from {{ ref('int_return_matches') }}

    group by sale_line_id

    union all

    select
        return_line_id as order_line_id,
        sum(returned_units) as unit_count

    from {{ ref('int_return_matches') }}

    group by return_line_id

)

select
    lines.order_line_id,
    lines.order_id,
    lines.customer_id,
    lines.product_id,

    lines.line_type,
    lines.country,

    lines.quantity,
    lines.unit_price,
    lines.line_amount,
    coalesce(matched_units.unit_count, 0)::decimal(18, 4) as matched_return_quantity,

    lines.ordered_at

from lines
left join matched_units on lines.order_line_id = matched_units.order_line_id
