-- Grain: one row per check.
--
-- The raw side is counted from the order log as it was read, not from what the
-- cleaning made of it, so that a line lost or doubled on the way shows.

with

raw_lines as (

    select
        coalesce(
            lines.amount,
            {{ line_amount(
                'case when facts.has_quantities then lines.quantity else 1 end',
                'case when facts.has_prices then lines.unit_price else 0 end'
            ) }}
        ) as line_amount

    from {{ ref('stg_transactions') }} as lines
    cross join {{ ref('int_log_facts') }} as facts

),

lines as (

    {% for side, relation in [
        ("'raw'", 'raw_lines'), ('line_type', ref('order_lines')),
        ('exclusion_reason', ref('excluded_lines')),
    ] %}
    select
        {{ side }} as side,
        line_amount

    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

sides as (

    select
        side,
        side not in ('raw', 'sale', 'return') as is_excluded,
        count(*)::decimal(38, 4) as line_count,
        coalesce(
            sum(case when abs(line_amount) <= 1e12 then line_amount end), 0
        )::decimal(38, 4) as amount

    from lines

    group by side

),

ordered as (

    select
        coalesce(sum(gross_amount), 0)::decimal(38, 4) as gross_amount,
        coalesce(sum(returned_amount), 0)::decimal(38, 4) as returned_amount

    from {{ ref('orders') }}

),

checks as (

    {% for name, measure in [('lines', 'line_count'), ('amount', 'amount')] %}
    select
        '{{ name }}' as check_name,
        sum(case when side = 'raw' then {{ measure }} else 0 end) as raw,
        sum(case when side in ('sale', 'return') then {{ measure }} else 0 end) as kept,
        sum(case when is_excluded then {{ measure }} else 0 end) as excluded

    from sides

    union all

    select
        '{{ name }} excluded: ' || side as check_name,
        {{ measure }} as raw,
        0 as kept,
        {{ measure }} as excluded

    from sides

    where is_excluded

    union all

    {% endfor %}
    -- What was credited, what of it came off an order, and the rest: returns without
    -- an earlier sale, and the difference between the price credited and the one paid.
    {% for name, side, amount, rest in [
        ('gross amount of orders', 'sale', 'gross_amount', '0'),
        ('amount returned', 'return', 'returned_amount', 'raw - kept'),
    ] %}
    select
        '{{ name }}' as check_name,
        abs(sum(case when sides.side = '{{ side }}' then sides.amount else 0 end))
            as raw,
        max(ordered.{{ amount }}) as kept,
        {{ rest }} as excluded

    from sides
    cross join ordered
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    check_name,

    coalesce(raw, 0)::decimal(38, 4) as raw,
    coalesce(kept, 0)::decimal(38, 4) as kept,
    coalesce(excluded, 0)::decimal(38, 4) as excluded,
    coalesce(raw - kept - excluded, 0)::decimal(38, 4) as difference

from checks
