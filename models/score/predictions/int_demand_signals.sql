-- Grain: one row per snapshot date and horizon: by how much the shop's orders per day
-- change from the time before to the window after, as a logarithm.

with

horizons as (

    select distinct horizon_days from {{ ref('prediction_targets') }}

),

windows as (

    select
        snapshot_dates.snapshot_date,
        horizons.horizon_days,
        clock.learning_date,
        clock.first_order_date,
        cast({{ dbt.dateadd(
            'day', -var('prediction_demand_days'), 'snapshot_dates.snapshot_date'
        ) }} as date) as before_date,
        cast({{ dbt.dateadd(
            'day', 'horizons.horizon_days', 'snapshot_dates.snapshot_date'
        ) }} as date) as end_date,
        -- 52 weeks, so that weekdays fall on weekdays.
        cast({{ dbt.dateadd('day', -364, 'snapshot_dates.snapshot_date') }} as date)
            as last_year_date,
        cast({{ dbt.dateadd(
            'day', 'horizons.horizon_days - 364', 'snapshot_dates.snapshot_date'
        ) }} as date) as last_year_end_date

    from {{ ref('int_snapshot_dates') }} as snapshot_dates
    cross join horizons
    cross join {{ ref('int_as_of_date') }} as clock

),

daily_orders as (

    select
        ordered_date,
        count(*) as order_count

    from {{ ref('int_orders') }}

    group by ordered_date

),

counted as (

    select
        windows.snapshot_date,
        windows.horizon_days,
        windows.end_date,
        windows.learning_date,
        windows.last_year_date >= windows.first_order_date as has_last_year,
        {{ dbt.datediff(
            'greatest(windows.before_date, windows.first_order_date)',
            'windows.snapshot_date', 'day'
        ) }} as before_days,
        -- A year ago knows nothing after the snapshot date, whatever the horizon.
        least(windows.horizon_days, 364) as last_year_days,
        sum(daily_orders.order_count) filter (
            where
            daily_orders.ordered_date >= windows.before_date
            and daily_orders.ordered_date < windows.snapshot_date
        ) as orders_before,
        sum(daily_orders.order_count) filter (
            where
            daily_orders.ordered_date >= windows.snapshot_date
            and daily_orders.ordered_date < windows.end_date
        ) as orders_after,
        sum(daily_orders.order_count) filter (
            where
            daily_orders.ordered_date >= windows.last_year_date
            and daily_orders.ordered_date < windows.last_year_end_date
            and daily_orders.ordered_date < windows.snapshot_date
        ) as orders_last_year

    from windows
    cross join daily_orders

    group by all

)

select
    snapshot_date,
    horizon_days,
    case
        when end_date <= learning_date and orders_after > 0 and orders_before > 0
            then round(
                ln((orders_after / horizon_days) / (orders_before / before_days)), 9
            )
    end as observed_change,
    case
        when has_last_year and orders_last_year > 0 and orders_before > 0
            then round(
                ln(
                    (orders_last_year / last_year_days)
                    / (orders_before / before_days)
                ), 9
            )
    end as expected_change

from counted
