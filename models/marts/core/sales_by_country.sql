-- Grain: one row per country; lines without a known country have a row of their own.

with

lines as (

    select
        *,
        coalesce(country, 'Unknown') as sales_country

    from {{ ref('order_lines') }}

)

select
    sales_country as country,

    {{ sales_measures() }}

from lines

group by sales_country
