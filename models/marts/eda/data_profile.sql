-- Grain: one row per column of the order log, over all raw lines, kept or not.

{% set columns = [
    ('invoice', 'raw_invoice', none),
    ('stock_code', 'raw_stock_code', none),
    ('description', 'raw_description', none),
    ('quantity', 'raw_quantity', 'quantity'),
    ('invoice_date', 'raw_invoice_date', none),
    ('unit_price', 'raw_unit_price', 'unit_price'),
    ('amount', 'raw_amount', 'amount'),
    ('customer_id', 'raw_customer_id', none),
    ('country', 'raw_country', none),
    ('category', 'raw_category', none),
] %}

with

lines as (

    select * from {{ ref('stg_transactions') }}

),

-- Each column once, as values with the number of lines that hold them: everything
-- below is computed from these few rows instead of from all lines again.
value_counts as (

    {% for name, raw_column, number_column in columns %}
    select
        {{ loop.index }} as column_position,
        '{{ name }}' as column_name,
        any_value(typeof({{ raw_column }})) as column_type,
        {{ clean_text(raw_column) }} as value_text,
        {% if number_column %}
        any_value({{ number_column }}) as value_number,
        {% else %}
        null::decimal(38, 4) as value_number,
        {% endif %}
        {% if name == 'invoice_date' %}
        any_value(ordered_at)::string as sort_text,
        {% else %}
        {{ clean_text(raw_column) }} as sort_text,
        {% endif %}
        count(*) as line_count

    from lines

    group by {{ clean_text(raw_column) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

known as (

    select
        *,
        sum(line_count) over (
            partition by column_position
            order by value_number, sort_text, value_text
            rows between unbounded preceding and current row
        ) as lines_up_to,
        sum(line_count) over (partition by column_position) as known_line_count,
        row_number() over (
            partition by column_position
            order by line_count desc, value_text asc
        ) as frequency_rank

    from value_counts

    where value_text is not null

),

summaries as (

    select
        column_position,
        count(*) as distinct_count,
        min_by(value_text, lines_up_to) as lowest_value,
        {% for share, name in [(0.25, 'p25'), (0.5, 'median'), (0.75, 'p75')] %}
        min_by(
            case when lines_up_to >= {{ share }} * known_line_count then value_text end,
            case when lines_up_to >= {{ share }} * known_line_count then lines_up_to end
        ) as {{ name }}_value,
        {% endfor %}
        max_by(value_text, lines_up_to) as highest_value,
        sum(value_number * line_count)
        / sum(case when value_number is not null then line_count end) as mean_value,
        {{ dbt.listagg(
            "case when frequency_rank <= 5 then value_text || ' (' || line_count || ')' end",
            "', '",
            'order by frequency_rank'
        ) }} as top_values

    from known

    group by column_position

),

totals as (

    select
        column_position,
        column_name,
        max(column_type) as column_type,
        sum(line_count)::bigint as line_count,
        sum(case when value_text is null then line_count else 0 end)::bigint
            as null_count

    from value_counts

    group by
        column_position,
        column_name

)

select
    totals.column_name,

    totals.column_type,
    summaries.lowest_value,
    summaries.p25_value,
    summaries.median_value,
    summaries.p75_value,
    summaries.highest_value,
    summaries.top_values,

    totals.column_position,
    totals.line_count,
    totals.null_count,
    totals.null_count::double / totals.line_count as null_share,
    coalesce(summaries.distinct_count, 0) as distinct_count,
    summaries.mean_value

from totals
left join summaries on totals.column_position = summaries.column_position
