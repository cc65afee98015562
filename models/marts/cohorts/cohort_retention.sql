-- Grain: one row per cohort month and month number, up to the month the as-of date
-- falls in. Months after it are not observed and have no row.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

purchases as (

    select
        customer_id,
        net_amount,
        date_trunc('month', ordered_at)::date as order_month,
        min(date_trunc('month', ordered_at)::date) over (partition by customer_id)
            as cohort_month

    from {{ ref('orders') }}

    where order_number is not null

),

activity as (

    select
        cohort_month,
        order_month,
        count(distinct customer_id) as active_customer_count,
        count(*) as order_count,
        sum(net_amount) as net_amount

    from purchases

    group by
        cohort_month,
        order_month

),

-- Everyone of a cohort orders in its first month.
cohorts as (

    select
        cohort_month,
        active_customer_count as cohort_size

    from activity

    where order_month = cohort_month

),

-- The as-of date is the first day that is not in the data.
months as (

    {{ calendar(
        "(select date_trunc('month', clock.first_order_date) from clock)",
        '(select clock.as_of_date - 1 from clock)',
        'month'
    ) }}

),

filled as (

    select
        cohorts.cohort_month,
        cohorts.cohort_size,
        months.calendar_date as order_month,
        {{ dbt.datediff('cohorts.cohort_month', 'months.calendar_date', 'month') }}
            as month_number,
        coalesce(activity.active_customer_count, 0) as active_customer_count,
        coalesce(activity.order_count, 0) as order_count,
        coalesce(activity.net_amount, 0)::decimal(38, 4) as net_amount

    from cohorts
    inner join months on cohorts.cohort_month <= months.calendar_date
    left join activity
        on
            cohorts.cohort_month = activity.cohort_month
            and months.calendar_date = activity.order_month

)

select
    filled.month_number,

    filled.cohort_size,
    filled.active_customer_count,
    filled.active_customer_count::double / filled.cohort_size as retention_rate,
    filled.order_count,
    filled.net_amount,
    (
        sum(filled.net_amount) over (
            partition by filled.cohort_month
            order by filled.order_month
            rows between unbounded preceding and current row
        ) / filled.cohort_size
    )::decimal(38, 4) as cumulative_amount_per_customer,

    {{ dbt.dateadd('month', 1, 'filled.order_month') }}::date <= clock.as_of_date
        as is_complete,
    filled.cohort_month = date_trunc('month', clock.first_order_date)::date
        as is_first_cohort,

    filled.cohort_month,
    filled.order_month

from filled
cross join clock
