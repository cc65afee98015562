-- Grain: one row per month to come: what today's customers are expected to order.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

ends as (

    select
        periods.period_number,
        periods.end_date,
        coalesce(
            lag(periods.end_date) over (order by periods.period_number),
            clock.as_of_date
        ) as first_date

    from {{ ref('int_forecast_periods') }} as periods
    inner join clock on periods.cutoff_date = clock.as_of_date

    where periods.period_kind = 'month'

),

customers as (

    select * from {{ ref('int_order_forecasts') }}

    where
        is_as_of_date
        and horizon_days = {{ lifetime_value_horizons() | last }}
        and model = '{{ var("lifetime_value_order_model") }}'

),

-- What is expected of a customer who is alive is the same for all with as many orders
-- and as old. Whole digits, so that sums do not depend on the order they are added in.
alike as (

    select
        repeat_day_count,
        age_days,
        count(*) as customer_count,
        sum(probability_alive::decimal(18, 9))::double as alive_count,
        sum(round(probability_alive * expected_order_value, 9)::decimal(38, 9))::double
            as alive_value

    from customers

    group by
        repeat_day_count,
        age_days

),

expected as (

    select
        months.period_number,
        sum(alike.customer_count) as customer_count,
        sum(round(alike.alive_count * months.orders_if_alive, 9)::decimal(24, 9))
            as expected_orders,
        sum(round(alike.alive_value * months.orders_if_alive, 9)::decimal(38, 9))
            as expected_amount

    from alike
    inner join {{ ref('int_forecast_months') }} as months
        on
            alike.repeat_day_count = months.repeat_day_count
            and alike.age_days = months.age_days

    where months.period_kind = 'month'

    group by months.period_number

),

-- The same days a year before, by all customers there were then and by those known when
-- the year began.
purchase_days as (

    select
        ordered_date,
        min(ordered_date) over (partition by customer_id) as first_ordered_date,
        sum(net_amount) as net_amount

    from {{ ref('int_order_snapshots') }}

    where
        snapshot_date = {{ as_of_date() }}
        and is_purchase

    group by
        customer_id,
        ordered_date

),

last_year as (

    select
        ends.period_number,
        count(*) as last_year_orders,
        sum(purchase_days.net_amount) as last_year_amount,
        sum(
            case
                when
                    purchase_days.first_ordered_date
                    < cast({{ dbt.dateadd('year', -1, 'clock.as_of_date') }} as date)
                    then purchase_days.net_amount
                else 0
            end
        ) as last_year_known_amount

    from ends
    cross join clock
    inner join purchase_days
        on
            purchase_days.ordered_date
            >= cast({{ dbt.dateadd('year', -1, 'ends.first_date') }} as date)
            and purchase_days.ordered_date
            < cast({{ dbt.dateadd('year', -1, 'ends.end_date') }} as date)

    group by ends.period_number

)

select
    cast({{ dbt.date_trunc('month', 'ends.first_date') }} as date)
        as forecast_month,
    '{{ var("lifetime_value_order_model") }}' as model_name,
    {{ dbt.datediff('ends.first_date', 'ends.end_date', 'day') }}
        as days,
    expected.customer_count::bigint as customer_count,
    expected.expected_orders::double as expected_orders,
    expected.expected_amount::decimal(38, 4) as expected_amount,
    last_year.last_year_orders,
    last_year.last_year_amount::decimal(38, 4) as last_year_amount,
    last_year.last_year_known_amount::decimal(38, 4) as last_year_known_amount,
    clock.as_of_date

from ends
cross join clock
inner join expected on ends.period_number = expected.period_number
left join last_year on ends.period_number = last_year.period_number
