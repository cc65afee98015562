-- Which of the products that bring most of the revenue are falling or standing still,
-- what is at stake, and what could they be bundled with?

{{ config(enabled=has_area('baskets')) }}

with

signals as (

    select * from {{ ref('inventory_signals') }}

    where signal in ('slow_moving', 'falling')

)

select
    product_id,
    description,
    signal,
    abc_class,
    bundle_with,

    amount_at_stake,
    days_since_last_sale,
    unit_count_90d,
    expected_unit_count_90d

from signals

order by
    abc_class asc,
    amount_at_stake desc,
    product_id asc,
    signal asc

limit 50
