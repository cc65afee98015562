-- Grain: one row per month to come: what today's customers are expected to order.

with

months as (

    select
        period_number,
        end_date,
        cutoff_date as as_of_date,
        -- The first is the rest of the present month.
        lag(end_date, 1, cutoff_date) over (order by period_number) as first_date

    from {{ ref('int_forecast_periods') }}

    where period_kind = 'month'

),

-- The same is expected of all who are alive, ordered as often, are as old and as far on
-- the way to the next order. Whole digits, so that sums do not depend on the order they
-- are added in.
alike as (

    select
        model,
        repeat_day_count,
        age_days,
        stage,
        count(*) filter (where stage = 0) as customer_count,
        sum(round(stage_probability, 9)::decimal(18, 9))::double * max(order_level)
            as alive,
        sum(round(stage_probability * expected_order_value, 9)::decimal(38, 9))::double
            as worth

    from {{ ref('int_order_stages') }}

    where
        is_as_of_date
        and model = {{ order_model() }}

    group by all

),

expected as (

    select
        orders.period_number,
        orders.model,
        sum(alike.customer_count) as customer_count,
        sum(round(alike.alive * orders.period_orders, 9)::decimal(24, 9)) as orders,
        sum(round(alike.worth * orders.period_orders, 9)::decimal(38, 9)) as amount

    from alike
    inner join {{ ref('ml_expected_orders') }} as orders
        on
            alike.model = orders.model
            and alike.repeat_day_count = orders.repeat_day_count
            and alike.age_days = orders.age_days
            and alike.stage = orders.stage

    where orders.period_kind = 'month'

    group by all

),

-- A year before, one order a day: of all customers, and of those known when it began.
purchase_days as (

    select
        customer_id,
        ordered_date,
        net_amount,
        min(ordered_date) over (partition by customer_id)
        < {{ dbt.dateadd('year', -1, as_of_date()) }} as is_known

    from {{ ref('int_order_snapshots') }}

    where
        snapshot_date = {{ as_of_date() }}
        and is_purchase

),

last_year as (

    select
        months.period_number,
        count(distinct row(days.customer_id, days.ordered_date)) as orders,
        sum(days.net_amount) as amount,
        sum(case when days.is_known then days.net_amount else 0 end) as known_amount

    from months
    inner join purchase_days as days
        on
            days.ordered_date >= {{ dbt.dateadd('year', -1, 'months.first_date') }}
            and days.ordered_date < {{ dbt.dateadd('year', -1, 'months.end_date') }}

    group by months.period_number

)

select
    cast({{ dbt.date_trunc('month', 'months.first_date') }} as date) as forecast_month,
    expected.model as model_name,
    {{ dbt.datediff('months.first_date', 'months.end_date', 'day') }}
        as days,
    expected.customer_count::bigint as customer_count,
    expected.orders::double as expected_orders,
    expected.amount::decimal(38, 4) as expected_amount,
    last_year.orders as last_year_orders,
    last_year.amount::decimal(38, 4) as last_year_amount,
    last_year.known_amount::decimal(38, 4) as last_year_known_amount,
    months.as_of_date

from months
inner join expected on months.period_number = expected.period_number
left join last_year on months.period_number = last_year.period_number
