-- Grain: one row per return line of a known customer, and per sale line of the same
-- customer and product before its last return.

with

-- What is matched: units of a product; in a log of amounts, money.
lines as (

    select
        order_line_id,
        order_id,
        customer_id,
        coalesce(product_id, '') as product_key,
        line_type = 'return' as is_return,
        abs(case when is_amount_only then line_amount else quantity end) as units,
        case when is_amount_only then 1 else unit_price end as amount_per_unit,
        ordered_at

    from {{ ref('int_transaction_lines') }}

    where
        line_type in ('sale', 'return')
        and customer_id is not null

),

returned_products as (

    select
        customer_id,
        product_key,
        row_number() over (order by customer_id, product_key) as group_number,
        max(ordered_at) as last_returned_at

    from lines

    where is_return

    group by
        customer_id,
        product_key

),

candidates as (

    select
        returned_products.group_number,
        lines.order_line_id,
        lines.order_id,
        lines.customer_id,
        lines.is_return,
        lines.amount_per_unit,
        -- Whole numbers, so that no rounding leaves a rest of a unit; multiplied in a
        -- wider type, because 18 digits do not hold the product.
        (lines.units::decimal(38, 4) * 10000)::bigint as units,
        (lines.amount_per_unit::decimal(38, 4) * 10000)::bigint as price,
        lines.ordered_at

    from lines
    inner join returned_products
        on
            lines.customer_id = returned_products.customer_id
            and lines.product_key = returned_products.product_key
            and lines.ordered_at <= returned_products.last_returned_at

)

select
    *,
    -- A sale goes before a return of the same moment.
    row_number() over (
        order by group_number, ordered_at, is_return, order_line_id
    ) - 1 as line_number

from candidates
