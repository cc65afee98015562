-- Every sales table adds up to the order lines.

with

totals as (

    select
        'order_lines' as table_name,
        count(*) filter (where line_type = 'sale') as line_count,
        coalesce(sum(line_amount), 0) as net_amount

    from {{ ref('order_lines') }}

    {% for table in [
        'sales_by_day', 'sales_by_month', 'sales_by_country', 'sales_by_weekday_hour'
    ] %}
    union all

    select
        '{{ table }}' as table_name,
        coalesce(sum(line_count), 0) as line_count,
        coalesce(sum(net_amount), 0) as net_amount

    from {{ ref(table) }}
    {% endfor %}

)

select *

from totals

where
    line_count <> (select totals.line_count from totals where table_name = 'order_lines')
    or net_amount
    <> (select totals.net_amount from totals where table_name = 'order_lines')
