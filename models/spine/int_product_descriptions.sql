-- Grain: one row per product that was sold.
--
-- The name of a product is its most frequent description on sale lines; the notes of
-- the warehouse ("damaged", "?") stand on lines without a price and are not counted.

with

descriptions as (

    select
        product_id,
        upper(description) as description,
        category,
        count(*) as line_count

    from {{ ref('int_transaction_lines') }}

    where
        line_type = 'sale'
        and product_id is not null

    group by
        product_id,
        upper(description),
        category

)

select
    product_id,
    description,
    category

from descriptions

qualify
    row_number() over (
        partition by product_id
        order by
            description is null, line_count desc, description asc, category asc
    ) = 1
