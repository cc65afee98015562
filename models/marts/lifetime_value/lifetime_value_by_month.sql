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

expected as (

    select
        period_number,
        count(*) as customer_count,
        sum(round(expected_orders, 9)::decimal(18, 9)) as expected_orders,
        sum(round(expected_amount, 4)::decimal(18, 4)) as expected_amount

    from {{ ref('int_forecast_months') }}

    where period_kind = 'month'

    group by period_number

),

-- The same days a year before, by all customers there were then and by those known when
-- the year began.
purchase_days as (

    select
        ordered_date,
        min(ordered_date) over (partition by customer_id) as first_ordered_date,
        net_amount

    from {{ ref('int_purchase_days') }}

    where snapshot_date = (select clock.as_of_date from clock)

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
    expected.customer_count,
    expected.expected_orders::double as expected_orders,
    expected.expected_amount::decimal(18, 4) as expected_amount,
    last_year.last_year_orders,
    last_year.last_year_amount::decimal(18, 4) as last_year_amount,
    last_year.last_year_known_amount::decimal(18, 4) as last_year_known_amount,
    clock.as_of_date

from ends
cross join clock
inner join expected on ends.period_number = expected.period_number
left join last_year on ends.period_number = last_year.period_number
