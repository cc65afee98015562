-- Grain: one row per line of the order log, with what it is: a sale, a return, or
-- excluded for exactly one reason.

{% set as_of_date = var('as_of_date') | string %}
{% set raw_columns = [
    'raw_invoice', 'raw_stock_code', 'raw_description', 'raw_quantity',
    'raw_invoice_date', 'raw_unit_price', 'raw_amount', 'raw_customer_id',
    'raw_country', 'raw_category',
] %}

with

transactions as (

    select * from {{ ref('stg_transactions') }}

),

-- Shops that number invoices per branch give one number to several customers.
shared_invoices as (

    select invoice_id

    from transactions

    where invoice_id is not null

    group by invoice_id

    having
        min(customer_id) <> max(customer_id)
        or (count(customer_id) > 0 and count(customer_id) < count(*))

),

product_codes as (

    select distinct product_id

    from transactions

),

non_products as (

    select
        product_codes.product_id,
        min(non_product_codes.category) as non_product_category

    from product_codes
    inner join {{ ref('non_product_codes') }} as non_product_codes
        on {{ matches_pattern(
            'product_codes.product_id', 'non_product_codes.code_pattern'
        ) }}

    group by product_codes.product_id

),

lines as (

    select
        {% for column in raw_columns %}
        transactions.{{ column }},
        {% endfor %}

        -- Without invoice numbers, what a customer buys on one day is one order.
        case
            when transactions.invoice_id is null
                then
                    coalesce(transactions.customer_id, 'guest')
                    || '/' || coalesce(transactions.ordered_at::date::string, '')
            when shared_invoices.invoice_id is not null
                then
                    transactions.invoice_id
                    || '/' || coalesce(transactions.customer_id, 'guest')
            else transactions.invoice_id
        end as order_id,
        transactions.customer_id,
        transactions.product_id,
        transactions.description,
        case
            when countries.country_as_written is not null then countries.country
            else transactions.country_as_written
        end as country,
        transactions.category,
        non_products.non_product_category,

        -- A log of amounts: one unit at that amount, unless it gives the units too.
        case
            when transactions.amount is null then transactions.quantity
            when coalesce(transactions.quantity, 0) = 0 then sign(transactions.amount)
            else abs(transactions.quantity) * sign(transactions.amount)
        end::decimal(18, 4) as quantity,
        case
            when transactions.amount is null then transactions.unit_price
            when coalesce(transactions.quantity, 0) = 0 then abs(transactions.amount)
            else abs(transactions.amount / transactions.quantity)
        end::decimal(18, 4) as unit_price,
        coalesce(
            transactions.amount,
            {{ read_number('transactions.quantity * transactions.unit_price') }}
        ) as line_amount,

        transactions.amount is not null as is_amount_only,
        coalesce(
            transactions.invoice_id like '{{ var("cancellation_prefix") }}%', false
        ) as is_cancellation,

        transactions.ordered_at

    from transactions
    left join shared_invoices on transactions.invoice_id = shared_invoices.invoice_id
    left join non_products on transactions.product_id = non_products.product_id
    left join {{ ref('countries') }} as countries
        on transactions.country_as_written = countries.country_as_written

),

-- Numbered by content, not by place in the file, so that a line keeps its id when
-- rows are shuffled or later files are added. Among equal rows the row number runs on
-- and the rank stands still: that tells the first from its duplicates.
numbered as (

    select
        *,
        row_number() over content as line_number,
        row_number() over content > rank() over content as is_exact_duplicate

    from lines

    window content as (
        partition by order_id
        order by
            {{ raw_columns | join(',\n            ') }}
    )

),

judged as (

    select
        *,
        -- The first reason that applies, from what says least of a line to what says
        -- most, so that every line has one.
        case
            when
                ordered_at is null
                or ordered_at < '{{ var("earliest_order_date") }}'::timestamp
                or quantity is null
                or unit_price is null
                or coalesce(abs(line_amount) > 1e12, true)
                or (product_id is null and not is_amount_only)
                or (is_cancellation and quantity > 0 and not is_amount_only)
                then 'unreadable'
            {% if var('drop_exact_duplicates') %}
            when is_exact_duplicate then 'exact_duplicate'
            {% endif %}
            {% if as_of_date %}
            when ordered_at >= '{{ as_of_date }}'::timestamp then 'after_as_of_date'
            {% endif %}
            when non_product_category is not null then 'not_a_product'
            when
                quantity = 0 and not is_amount_only
                or quantity < 0 and unit_price = 0 and not is_cancellation
                then 'stock_write_off'
            when unit_price <= 0 then 'no_or_negative_price'
        end as exclusion_reason

    from numbered

),

final as (

    select
        order_id || '-' || line_number as order_line_id,
        order_id,
        customer_id,
        product_id,

        description,
        country,
        category,
        case
            when exclusion_reason is not null then 'excluded'
            when quantity < 0 then 'return'
            else 'sale'
        end as line_type,
        exclusion_reason,
        case
            when exclusion_reason = 'not_a_product' then non_product_category
        end as exclusion_detail,
        {% for column in raw_columns %}
        case
            when exclusion_reason is not null then {{ column }}::string
        end as {{ column }},
        {% endfor %}

        quantity,
        unit_price,
        line_amount,

        is_amount_only,

        ordered_at

    from judged

)

select * from final
