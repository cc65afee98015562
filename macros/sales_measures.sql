{#-
    The measures of every sales_by_* table, from order_lines. Returns count on their
    own date, so that a period's net amount is what its books show; orders.net_amount
    takes them off the order they belong to.
-#}
{% macro sales_measures() -%}
        count(distinct case when line_type = 'sale' then order_id end) as order_count,
        count(distinct case when line_type = 'sale' then customer_id end)
            as customer_count,
        count(*) filter (where line_type = 'sale') as line_count,
        coalesce(
            sum(case when line_type = 'sale' then quantity end), 0
        )::decimal(38, 4) as unit_count,
        coalesce(
            sum(case when line_type = 'sale' then line_amount end), 0
        )::decimal(38, 4) as gross_amount,
        coalesce(
            -sum(case when line_type = 'return' then line_amount end), 0
        )::decimal(38, 4) as returned_amount,
        coalesce(sum(line_amount), 0)::decimal(38, 4) as net_amount,
        coalesce(
            sum(case when line_type = 'sale' and customer_id is null then line_amount end),
            0
        )::decimal(38, 4) as guest_gross_amount
{%- endmacro %}
