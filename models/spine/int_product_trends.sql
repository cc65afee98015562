-- Grain: one row per product that was sold at least once: what it sold in the last two
-- quarters (90 days each), what the season let expect of the last one, and in which
-- quarters of the last year it sold.

{% set quarters = {
    '90d': 'between 1 and 90',
    'previous_90d': 'between 91 and 180',
    'last_year_90d': 'between 366 and 455',
} %}

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
        {% for quarter, days in quarters.items() %}
        coalesce(sum(unit_count) filter (where days_ago {{ days }}), 0)::double
            as unit_count_{{ quarter }},
        coalesce(sum(net_amount) filter (where days_ago {{ days }}), 0)
        ::decimal(38, 4) as net_amount_{{ quarter }},
        {% endfor %}
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

),

-- What sells more or less of everything in the last quarter: the shop's season, for
-- products that no last year is known of. By sales again.
season as (

    select
        count(*) filter (where days_ago {{ quarters['90d'] }})::double
        / nullif(count(*) filter (where days_ago {{ quarters['previous_90d'] }}), 0)
            as season_change

    from lines

),

expected as (

    select
        periods.*,
        periods.history_days >= 455 and periods.unit_count_last_year_90d > 0
            as is_against_last_year,
        case
            when is_against_last_year then periods.unit_count_last_year_90d
            else periods.unit_count_previous_90d * season.season_change
        end as expected_unit_count_90d,
        case
            when is_against_last_year then periods.net_amount_last_year_90d
            else periods.net_amount_previous_90d * season.season_change
        end as expected_net_amount_90d

    from periods
    cross join season

)

select
    * replace (
        round(expected_unit_count_90d, 4) as expected_unit_count_90d,
        round(expected_net_amount_90d, 4)::decimal(38, 4) as expected_net_amount_90d
    ),
    round(unit_count_90d / nullif(unit_count_previous_90d, 0) - 1, 9)
        as sell_through_trend,
    round(unit_count_90d / nullif(expected_unit_count_90d, 0) - 1, 9)
        as demand_trend,
    round(
        unit_count_90d / nullif(unit_count * 90 / greatest(history_days, 90), 0), 9
    ) as sell_through_share,
    round(sale_count_ahead * 1.0 / nullif(sale_count_365d, 0), 9)
        as season_ahead_share,
    round(sale_count_peak * 1.0 / nullif(sale_count_365d, 0), 9)
        as season_peak_share

from expected
