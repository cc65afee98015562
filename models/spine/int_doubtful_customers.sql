-- Grain: one row per customer most of whose amount stands on one line that may be a
-- slip of price or quantity: a hundred times what a line of the product usually is.

with

sale_lines as (

    select
        customer_id,
        product_id,
        line_amount

    from {{ ref('order_lines') }}

    where
        line_type = 'sale'
        and product_id is not null

),

largest_lines as (

    select
        sale_lines.customer_id,
        sale_lines.product_id,
        sale_lines.line_amount

    from sale_lines
    inner join {{ ref('int_customers') }} as customers
        on sale_lines.customer_id = customers.customer_id

    where 2 * sale_lines.line_amount > customers.net_amount

),

usual_lines as (

    select
        product_id,
        median(line_amount) as usual_amount

    from sale_lines

    where product_id in (select largest_lines.product_id from largest_lines)

    group by product_id

)

select distinct largest_lines.customer_id

from largest_lines
inner join usual_lines on largest_lines.product_id = usual_lines.product_id

where largest_lines.line_amount >= 100 * usual_lines.usual_amount
