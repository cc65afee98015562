-- Grain: one row per date and product that may be recommended at it: sold lately, to
-- anybody, and not sent back often, as far as was known by then.

with

lines as (

    select
        product_id,
        line_type,
        ordered_at::date as line_date

    from {{ ref('order_lines') }}

),

product_days as (

    select
        product_id,
        line_date,
        count(*) filter (where line_type = 'sale') as sale_count,
        count(*) filter (where line_type = 'return') as return_count

    from lines

    group by
        product_id,
        line_date

)

select
    cutoffs.cutoff_number,
    products.product_number,
    products.product_id

from product_days
inner join {{ ref('int_recommendation_cutoffs') }} as cutoffs
    on product_days.line_date < cutoffs.cutoff_date
inner join {{ ref('int_basket_products') }} as products
    on product_days.product_id = products.product_id

group by
    cutoffs.cutoff_number,
    products.product_number,
    products.product_id,
    cutoffs.cutoff_date

having
    max(case when product_days.sale_count > 0 then product_days.line_date end)
    >= cutoffs.cutoff_date - {{ var('recommendation_discontinued_days') }}::int
    and sum(product_days.return_count)
    <= {{ var('recommendation_max_return_rate') }} * sum(product_days.sale_count)
