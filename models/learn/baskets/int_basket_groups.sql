-- Grain: one row per basket group; the group all is there without a basket too.

with

groups as (

    select 'all' as basket_group

    union

    select basket_group from {{ ref('int_baskets') }}

),

counts as (

    select
        basket_group,
        count(*) as basket_count,
        count(*) filter (where period_number > 0) as early_basket_count

    from {{ ref('int_baskets') }}

    group by basket_group

)

select
    groups.basket_group,
    coalesce(counts.basket_count, 0) as basket_count,
    coalesce(counts.early_basket_count, 0) as early_basket_count,
    greatest(
        {{ var('basket_min_count') }},
        ceil(
            round({{ var('basket_min_support') }} * coalesce(counts.basket_count, 0), 6)
        )
    )::bigint as min_basket_count

from groups
left join counts on groups.basket_group = counts.basket_group
