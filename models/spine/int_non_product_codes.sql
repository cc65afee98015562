-- Grain: one row per code of the order log that is no product, with what it stands for.

with

product_codes as (

    select
        product_id,
        count(*) as line_count

    from {{ ref('stg_transactions') }}

    where product_id is not null

    group by product_id

),

-- Where one letter is what a product is called, it is no code of the bookkeeper.
usual_codes as (

    select
        2 * sum(case when length(product_id) <= 2 then line_count else 0 end)
        > sum(line_count) as are_short

    from product_codes

)

select
    product_codes.product_id,
    min(non_product_codes.category) as non_product_category

from product_codes
inner join {{ ref('non_product_codes') }} as non_product_codes
    on {{ matches_pattern(
        'product_codes.product_id', 'non_product_codes.code_pattern'
    ) }}
cross join usual_codes

where
    length(product_codes.product_id) > 1
    or not usual_codes.are_short

group by product_codes.product_id
