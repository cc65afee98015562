-- Grain: one row per code of the order log that is no product, with what it stands for.

with

product_codes as (

    select distinct product_id

    from {{ ref('stg_transactions') }}

)

select
    product_codes.product_id,
    min(non_product_codes.category) as non_product_category

from product_codes
inner join {{ ref('non_product_codes') }} as non_product_codes
    on {{ matches_pattern(
        'product_codes.product_id', 'non_product_codes.code_pattern'
    ) }}
cross join {{ ref('int_log_facts') }} as facts

where
    length(product_codes.product_id) > 1
    or not facts.has_short_codes

group by product_codes.product_id
