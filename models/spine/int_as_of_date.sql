-- Grain: one row: the project's one clock.

{% set as_of_date = var('as_of_date') | string %}
{% set period = var('learning_period') %}
{% if period not in ['day', 'week', 'month', 'quarter', 'year'] %}
    {{ exceptions.raise_compiler_error(
        "learning_period: '" ~ period ~ "' is not one of day, week, month, quarter, year"
    ) }}
{% endif %}

with

lines as (

    select
        line_type,
        ordered_at::date as line_date

    from {{ ref('int_transaction_lines') }}

    where line_type in ('sale', 'return')

),

dates as (

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

),

periods as (

    select
        *,
        cast({{ dbt.date_trunc(period, 'as_of_date') }} as date) as period_start_date

    from dates

)

select
    as_of_date,
    first_order_date,
    last_order_date,
    {% if is_scoring() %}
    (select learned.learning_date from {{ learned() }} as learned) as learning_date
    {% else %}
    case
        -- Less than a month of orders before it is nothing to learn from.
        when
            {{ dbt.datediff('first_order_date', 'period_start_date', 'day') }}
            >= 30
            then period_start_date
        else as_of_date
    end as learning_date
    {% endif %}

from periods
