-- Grain: one row per line of the order log, with what it is: a sale, a return, or
-- excluded for exactly one reason.

{% set as_of_date = var('as_of_date') | string %}

with

lines as (

    select
        lines.*,
        facts.has_prices

    from {{ ref('int_described_lines') }} as lines
    cross join {{ ref('int_log_facts') }} as facts

),

-- Numbered by content, not by place in the file, so that a line keeps its id when
-- rows are shuffled or later files are added; by what was read before how it was
-- written, so that a workbook (text) and a Parquet file (numbers) give equal ids.
-- Among equal rows the row number runs on and the rank stands still: that tells the
-- first from its duplicates.
numbered as (

    select
        *,
        row_number() over content as line_number,
        row_number() over content > rank() over content as is_exact_duplicate

    from lines

    window content as (
        partition by order_id
        order by
            product_id,
            quantity,
            unit_price,
            ordered_at,
            {{ raw_columns() | join(',\n            ') }}
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
                or quantity < 0
                and unit_price = 0
                and has_prices
                and not is_cancellation
                then 'stock_write_off'
            when unit_price <= 0 and has_prices then 'no_or_negative_price'
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
        {% for column in raw_columns() %}
        case
            when exclusion_reason is not null then {{ column }}::string
        end as {{ column }},
        {% endfor %}

        quantity,
        unit_price,
        line_amount,
        discount,
        unit_cost,

        is_amount_only,

        ordered_at

    from judged

)

select * from final
