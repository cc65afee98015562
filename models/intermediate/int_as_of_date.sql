-- Grain: one row.

{% set as_of_date = var('as_of_date') | string %}

with

sales as (

    select ordered_at::date as ordered_date

    from {{ ref('int_transaction_lines') }}

    where line_type = 'sale'

)

select
    {% if as_of_date %}
    '{{ as_of_date }}'::date as as_of_date,
    {% else %}
    max(ordered_date) + 1 as as_of_date,
    {% endif %}
    min(ordered_date) as first_order_date,
    max(ordered_date) as last_order_date

from sales
