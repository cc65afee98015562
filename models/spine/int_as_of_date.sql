-- Grain: one row: the project's one clock.

{% set as_of_date = var('as_of_date') | string %}
{% set period = learning_period() %}
{% set bought = [
    'past.order_id', 'past.customer_id', 'past.product_id', 'past.quantity',
    'past.line_amount', 'past.ordered_at',
] %}
{% set details = [
    'past.order_line_id', 'past.description', 'past.country', 'past.category',
    'past.unit_price', 'past.discount', 'past.unit_cost',
] %}

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

),

-- What is estimated from the past knows these lines alone.
clock as (

    select
        as_of_date,
        first_order_date,
        last_order_date,
        {% if is_scoring() %}
        (select learned.learning_date from {{ learned() }} as learned)
            as learning_date
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

),

fingerprints as (

    select
        {{ hash_of_rows(bought) }} as data_fingerprint,
        sum({{ row_hash(details) }}::hugeint)::string as details_fingerprint

    from {{ ref('int_transaction_lines') }} as past
    cross join clock

    where
        past.line_type in ('sale', 'return')
        and past.ordered_at < clock.learning_date

)

select
    clock.as_of_date,
    clock.first_order_date,
    clock.last_order_date,
    clock.learning_date,
    {% if is_scoring() %}
    -- Numbers of customers and products hold for the orders that were learned from.
    case
        when fingerprints.data_fingerprint = learned.data_fingerprint
            then fingerprints.data_fingerprint
        else {{ stop_with(
            "'the orders before ' || learned.learning_date::string || ', which the last "
            ~ "build learned from, are not those of this log: it is another shop''s, or "
            ~ "past orders were changed. Run make build, which learns anew what that "
            ~ "changes'"
        ) }}
    end as data_fingerprint,
    {% else %}
    fingerprints.data_fingerprint,
    {% endif %}
    fingerprints.details_fingerprint

from clock
cross join fingerprints
{% if is_scoring() %}
cross join {{ learned() }} as learned
{% endif %}
