-- Grain: one row per calendar month with a line.

with

lines as (

    select
        *,
        date_trunc('month', ordered_at)::date as sales_month

    from {{ ref('order_lines') }}

)

select
    lines.sales_month,

    {{ sales_measures() }},

    -- The first and the last month may be cut by the data.
    {{ dbt.dateadd('month', 1, 'lines.sales_month') }}::date
    <= max(clock.as_of_date) as is_complete

from lines
cross join {{ ref('int_as_of_date') }} as clock

group by lines.sales_month
