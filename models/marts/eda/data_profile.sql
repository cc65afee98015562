-- Grain: one row per column of the order log, over all raw lines, kept or not.

{% set columns = [
    'invoice', 'stock_code', 'description', 'quantity', 'invoice_date', 'unit_price',
    'amount', 'customer_id', 'country', 'category',
] %}
{% set number_columns = ['quantity', 'unit_price', 'amount'] %}

with

-- Each column once, as values with the number of lines that hold them: everything
-- below is computed from these few rows instead of from all lines again.
value_counts as (

    {% for name in columns %}
    {% set value_text = clean_text('raw_' ~ name) %}
    select
        {{ loop.index }} as column_position,
        '{{ name }}' as column_name,
        any_value(typeof(raw_{{ name }})) as column_type,
        {{ value_text }} as value_text,
        {{ 'any_value(' ~ name ~ ')' if name in number_columns
            else 'null::decimal(38, 4)' }} as value_number,
        {{ 'any_value(ordered_at)::string' if name == 'invoice_date'
            else value_text }} as sort_text,
        count(*) as line_count

    from {{ ref('stg_transactions') }}

    group by {{ value_text }}
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
        min_by(value_text, lines_up_to) filter (
            where lines_up_to >= {{ share }} * known_line_count
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
