-- Grain: one row per area: whether the input fills its tables, and if not why.

{% set needs = {
    'core': 'orders', 'rfm': 'orders', 'cohorts': 'orders', 'eda': 'orders',
    'lifetime_value': 'orders', 'customers': 'orders', 'baskets': 'products',
    'recommendations': 'products', 'segments': 'customers',
    'predictions': 'orders or given outcomes',
} %}

with

facts as (

    select
        (
            select count(*) > 0

            from {{ ref('input_files') }} as files

            where files.role = 'transactions'
        ) as has_orders,
        coalesce(bool_or(has_products), false) as has_products

    from {{ ref('int_log_facts') }}

),

areas as (

    {% for area, needed in needs.items() %}
    select
        '{{ area }}' as area,
        '{{ needed }}' as needs,
        {{ has_area(area) | string | lower }} as is_switched_on

    {{ 'union all' if not loop.last }}
    {% endfor %}

),

reasoned as (

    select
        areas.area,
        areas.needs,
        case
            when not areas.is_switched_on
                then 'switched off (' || areas.area || ': false)'
            when
                not facts.has_orders
                and areas.area = 'predictions'
                and {{ (label_names() | length == 0) | string | lower }}
                then 'no order log was given, and no outcome (customer_labels)'
            when
                not facts.has_orders
                and areas.needs in ('orders', 'products')
                then 'no order log was given (transactions_path)'
            when
                not facts.has_products
                and areas.needs = 'products'
                then 'the order log does not say what was bought'
        end as reason

    from areas
    cross join facts

)

select
    area,
    needs,
    reason,

    reason is null as is_filled

from reasoned
