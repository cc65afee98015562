-- Grain: one row per line of the order log, with the order it belongs to, its country
-- and what it amounts to.

{{ config(materialized='view') }}

{% set cancellation_prefix = var('cancellation_prefix') | string | upper %}

with

-- What stands on one line of an order holds for all its lines.
transactions as (

    select
        lines.* exclude (customer_id, country_as_written, ordered_at),
        moments.order_key,
        coalesce(moments.has_several_customers, false) as has_several_customers,
        coalesce(lines.customer_id, moments.customer_id) as customer_id,
        coalesce(lines.country_as_written, moments.country_as_written)
            as country_as_written,
        coalesce(lines.ordered_at, moments.started_at) as ordered_at

    from {{ ref('stg_transactions') }} as lines
    left join {{ ref('int_invoice_moments') }} as moments
        on
            lines.invoice_id = moments.invoice_id
            and lines.store is not distinct from moments.store
            and lines.ordered_at is not distinct from moments.ordered_at

),

-- Where the log says nothing of units or prices, a line is one unit, at no price.
measured as (

    select
        transactions.* exclude (quantity, unit_price),
        case
            when facts.has_quantities then transactions.quantity else 1
        end::decimal(18, 4) as quantity,
        case
            when facts.has_prices then transactions.unit_price else 0
        end::decimal(18, 4) as unit_price

    from transactions
    cross join {{ ref('int_log_facts') }} as facts

)

select
    {% for column in raw_columns() %}
    measured.{{ column }},
    {% endfor %}

    -- Without invoice numbers, what a customer buys on one day is one order.
    case
        when measured.invoice_id is null
            then
                coalesce(measured.customer_id, 'guest')
                || '/' || coalesce(measured.ordered_at::date::string, '')
        when measured.has_several_customers
            then measured.order_key || '/' || coalesce(measured.customer_id, 'guest')
        else coalesce(measured.order_key, measured.invoice_id)
    end as order_id,
    measured.customer_id,
    measured.product_id,
    measured.description,
    case
        when countries.country_as_written is not null then countries.country
        else measured.country_as_written
    end as country,
    measured.category,
    non_products.non_product_category,

    -- A log of amounts: one unit at that amount, unless it gives the units too.
    case
        when measured.amount is null then measured.quantity
        when coalesce(measured.quantity, 0) = 0 then sign(measured.amount)
        else abs(measured.quantity) * sign(measured.amount)
    end::decimal(18, 4) as quantity,
    try_cast(
        case
            when measured.amount is null then measured.unit_price
            when coalesce(measured.quantity, 0) = 0 then abs(measured.amount)
            else abs(measured.amount / measured.quantity)
        end as decimal(18, 4)
    ) as unit_price,
    coalesce(
        measured.amount,
        {{ line_amount('measured.quantity', 'measured.unit_price') }}
    ) as line_amount,
    measured.discount,
    measured.unit_cost,

    measured.amount is not null as is_amount_only,
    -- A sign and a number together: shops number orders C1000 too.
    {% if cancellation_prefix %}
    coalesce(
        starts_with(
            measured.invoice_id, '{{ cancellation_prefix | replace("'", "''") }}'
        )
        and coalesce(measured.amount, measured.quantity) < 0, false
    )
    {%- else %}
    false
    {%- endif %} as is_cancellation,

    measured.ordered_at

from measured
left join {{ ref('int_non_product_codes') }} as non_products
    on measured.product_id = non_products.product_id
left join {{ ref('countries') }} as countries
    on measured.country_as_written = countries.country_as_written
