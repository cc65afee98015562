-- Grain: one row per product that was sold at least once: what it sold in the last two
-- quarters (90 days each), and in which quarters of the last year.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

lines as (

    select
        order_lines.product_id,
        order_lines.quantity - order_lines.matched_return_quantity as unit_count,
        (order_lines.quantity - order_lines.matched_return_quantity)::decimal(38, 4)
        * order_lines.unit_price as net_amount,
        {{ dbt.datediff('order_lines.ordered_at', 'clock.as_of_date', 'day') }}
            as days_ago

    from {{ ref('order_lines') }} as order_lines
    cross join clock

    where
        order_lines.line_type = 'sale'
        and order_lines.product_id is not null

),

periods as (

    select
        product_id,
        max(days_ago) as history_days,
        min(days_ago) as days_since_last_sale,
        sum(unit_count)::double as unit_count,
        sum(net_amount)::decimal(38, 4) as net_amount,
        coalesce(sum(case when days_ago <= 90 then unit_count end), 0)::double
            as unit_count_90d,
        coalesce(sum(case when days_ago between 91 and 180 then unit_count end), 0)
        ::double as unit_count_previous_90d,
        coalesce(sum(case when days_ago <= 90 then net_amount end), 0)
        ::decimal(38, 4) as net_amount_90d,
        coalesce(sum(case when days_ago between 91 and 180 then net_amount end), 0)
        ::decimal(38, 4) as net_amount_previous_90d,
        -- Seasons by sales, not by units: one bulk order is no season.
        count(*) filter (where days_ago <= 365) as sale_count_365d,
        -- A year before the 90 days that lie ahead.
        count(*) filter (where days_ago between 276 and 365) as sale_count_ahead,
        greatest(
            {% for start in [1, 92, 183, 275] %}
            count(*) filter (where days_ago between {{ start }} and {{ start + 90 }})
            {{- ',' if not loop.last }}
            {% endfor %}
        ) as sale_count_peak

    from lines

    group by product_id

)

select
    *,
    round(unit_count_90d / nullif(unit_count_previous_90d, 0) - 1, 9)
        as sell_through_trend,
    round(
        unit_count_90d / nullif(unit_count * 90 / greatest(history_days, 90), 0), 9
    ) as sell_through_share,
    round(sale_count_ahead * 1.0 / nullif(sale_count_365d, 0), 9)
        as season_ahead_share,
    round(sale_count_peak * 1.0 / nullif(sale_count_365d, 0), 9)
        as season_peak_share

from periods
