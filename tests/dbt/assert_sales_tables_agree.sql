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

select
    min(table_name) as first_table,
    count(distinct line_count) as different_line_counts,
    count(distinct net_amount) as different_net_amounts

from totals

having
    count(distinct line_count) > 1
    or count(distinct net_amount) > 1
