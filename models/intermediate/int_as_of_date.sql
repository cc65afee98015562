-- Grain: one row.

{% set as_of_date = var('as_of_date') | string %}

with

lines as (

    select
        line_type,
        ordered_at::date as line_date

    from {{ ref('int_transaction_lines') }}

    where line_type in ('sale', 'return')

)

select
    {% if as_of_date %}
    '{{ as_of_date }}'::date as as_of_date,
    {% else %}
    -- A return may come after the last sale; it too must lie before the clock.
    max(line_date) + 1 as as_of_date,
    {% endif %}
    min(case when line_type = 'sale' then line_date end) as first_order_date,
    max(case when line_type = 'sale' then line_date end) as last_order_date

from lines
