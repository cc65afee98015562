-- Grain: one row per line of the order log, with what it is: a sale, a return, or
-- excluded for exactly one reason.

{% set content = [
    'lines.order_id', 'lines.product_id', 'lines.quantity', 'lines.unit_price',
    'lines.ordered_at',
] %}

with

-- A few of all lines: only these have to be told apart by how they were written.
repeated_contents as (

    select {{ row_hash(content) }} as content_hash

    from {{ ref('int_described_lines') }} as lines

    group by content_hash

    having count(*) > 1

),

judged as (

    select
        lines.*,
        repeated_contents.content_hash is not null as is_repeated,
        -- The first reason that applies, from what says least of a line to what says
        -- most, so that every line has one.
        case
            when
                lines.ordered_at is null
                or lines.ordered_at < '{{ var("earliest_order_date") }}'::timestamp
                or lines.quantity is null
                or lines.unit_price is null
                or coalesce(abs(lines.line_amount) > 1e12, true)
                or (lines.product_id is null and not lines.is_amount_only)
                then 'unreadable'
            {% if var('as_of_date') %}
            when lines.ordered_at >= '{{ var("as_of_date") }}'::timestamp
                then 'after_as_of_date'
            {% endif %}
            when lines.non_product_category is not null then 'not_a_product'
            when
                lines.quantity = 0 and not lines.is_amount_only
                or lines.quantity < 0
                and lines.unit_price = 0
                and facts.has_prices
                and not lines.is_cancellation
                then 'stock_write_off'
            when lines.unit_price <= 0 and facts.has_prices then 'no_or_negative_price'
        end as reason,
        -- Sorting is most of the work: what is not needed is not carried along.
        case when is_repeated then {{ sort_key(raw_columns()) }} end as raw_key,
        case
            when is_repeated or reason is not null
                then {{ vector_of([raw_columns() | join('::string, ') ~ '::string']) }}
        end as raw_values

    from {{ ref('int_described_lines') }} as lines
    cross join {{ ref('int_log_facts') }} as facts
    left join repeated_contents
        on {{ row_hash(content) }} = repeated_contents.content_hash

),

-- Numbered by content, not by place in the file, so that a line keeps its id when
-- rows are shuffled or later files are added; by what was read before how it was
-- written, so that a workbook (text) and a Parquet file (numbers) give equal ids.
-- Among equal rows the row number runs on and the rank stands still.
numbered as (

    select
        *,
        row_number() over content as line_number,
        case
            when
                {{ var('drop_exact_duplicates') }}
                and row_number() over content > rank() over content
                and coalesce(reason <> 'unreadable', true)
                then 'exact_duplicate'
            else reason
        end as exclusion_reason

    from judged

    window content as (
        partition by order_id
        order by product_id, quantity, unit_price, ordered_at, raw_key
    )

)

select
    order_id || '-' || line_number as order_line_id,
    {% for column in [
        'order_id', 'customer_id', 'product_id', 'description', 'country', 'category',
        'quantity', 'unit_price', 'line_amount', 'discount', 'unit_cost',
        'is_amount_only', 'ordered_at',
    ] %}
    {{ column }},
    {% endfor %}
    {% for column in raw_columns() %}
    case
        when exclusion_reason is not null
            then {{ vector_element('raw_values', loop.index) }}
    end as {{ column }},
    {% endfor %}
    case
        when exclusion_reason is not null then 'excluded'
        when quantity < 0 then 'return'
        else 'sale'
    end as line_type,
    exclusion_reason,
    case
        when exclusion_reason = 'not_a_product' then non_product_category
    end as exclusion_detail

from numbered
