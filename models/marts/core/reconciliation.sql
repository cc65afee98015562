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

raw_totals as (

    select
        count(*)::decimal(38, 4) as line_count,
        coalesce(
            sum(case when abs(line_amount) <= 1e12 then line_amount end), 0
        )::decimal(38, 4) as amount

    from raw_lines

),

kept as (

    select
        count(*)::decimal(38, 4) as line_count,
        coalesce(sum(line_amount), 0)::decimal(38, 4) as amount,
        coalesce(
            sum(case when line_type = 'sale' then line_amount end), 0
        )::decimal(38, 4) as sale_amount,
        coalesce(
            sum(case when line_type = 'return' then line_amount end), 0
        )::decimal(38, 4) as return_amount

    from {{ ref('order_lines') }}

),

excluded_by_reason as (

    select
        exclusion_reason,
        count(*)::decimal(38, 4) as line_count,
        coalesce(
            sum(case when abs(line_amount) <= 1e12 then line_amount end), 0
        )::decimal(38, 4) as amount

    from {{ ref('excluded_lines') }}

    group by exclusion_reason

),

excluded as (

    select
        coalesce(sum(line_count), 0)::decimal(38, 4) as line_count,
        coalesce(sum(amount), 0)::decimal(38, 4) as amount

    from excluded_by_reason

),

ordered as (

    select
        coalesce(sum(gross_amount), 0)::decimal(38, 4) as gross_amount,
        coalesce(sum(returned_amount), 0)::decimal(38, 4) as returned_amount

    from {{ ref('orders') }}

),

checks as (

    select
        'lines' as check_name,
        raw_totals.line_count as raw,
        kept.line_count as kept,
        excluded.line_count as excluded

    from raw_totals
    cross join kept
    cross join excluded

    union all

    select
        'amount' as check_name,
        raw_totals.amount as raw,
        kept.amount as kept,
        excluded.amount as excluded

    from raw_totals
    cross join kept
    cross join excluded

    union all

    select
        'lines excluded: ' || exclusion_reason as check_name,
        line_count as raw,
        0::decimal(38, 4) as kept,
        line_count as excluded

    from excluded_by_reason

    union all

    select
        'amount excluded: ' || exclusion_reason as check_name,
        amount as raw,
        0::decimal(38, 4) as kept,
        amount as excluded

    from excluded_by_reason

    union all

    select
        'gross amount of orders' as check_name,
        kept.sale_amount as raw,
        ordered.gross_amount as kept,
        0::decimal(38, 4) as excluded

    from kept
    cross join ordered

    union all

    -- What was credited, what of it came off an order, and the rest: returns without
    -- an earlier sale, and the difference between the price credited and the one paid.
    select
        'amount returned' as check_name,
        -kept.return_amount as raw,
        ordered.returned_amount as kept,
        (-kept.return_amount - ordered.returned_amount)::decimal(38, 4) as excluded

    from kept
    cross join ordered

)

select
    check_name,

    raw,
    kept,
    excluded,
    (raw - kept - excluded)::decimal(38, 4) as difference

from checks
