-- Which products come back more often than products do here, and what does it cost?

with

products as (

    select * from {{ ref('products') }}

),

all_products as (

    select
        sum(returned_amount) as returned_amount,
        sum(gross_amount) as gross_amount

    from products

)

select
    products.product_id,
    products.description,

    products.unit_count,
    products.gross_amount,
    products.returned_amount,
    products.returned_amount / products.gross_amount as returned_share,
    all_products.returned_amount / all_products.gross_amount as returned_share_of_all,
    products.returned_amount
    - products.gross_amount * (all_products.returned_amount / all_products.gross_amount)
        as more_than_usual_amount

from products
cross join all_products

where
    products.order_count >= 30
    and products.returned_amount / products.gross_amount
    > 2 * all_products.returned_amount / all_products.gross_amount

order by
    more_than_usual_amount desc,
    products.product_id asc

limit 25
