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
        date_trunc('month', ordered_at)::date as order_month

    from {{ ref('orders') }}

    where order_number is not null

),

customer_cohorts as (

    select
        customer_id,
        min(order_month) as cohort_month

    from purchases

    group by customer_id

),

cohorts as (

    select
        cohort_month,
        count(*) as cohort_size

    from customer_cohorts

    group by cohort_month

),

-- The as-of date is the first day that is not in the data.
months as (

    {{ calendar(
        "(select date_trunc('month', clock.first_order_date) from clock)",
        '(select clock.as_of_date - 1 from clock)',
        'month'
    ) }}

),

cells as (

    select
        cohorts.cohort_month,
        cohorts.cohort_size,
        months.calendar_date as order_month

    from cohorts
    inner join months on cohorts.cohort_month <= months.calendar_date

),

activity as (

    select
        customer_cohorts.cohort_month,
        purchases.order_month,
        count(distinct purchases.customer_id) as active_customer_count,
        count(*) as order_count,
        sum(purchases.net_amount) as net_amount

    from purchases
    inner join customer_cohorts
        on purchases.customer_id = customer_cohorts.customer_id

    group by
        customer_cohorts.cohort_month,
        purchases.order_month

),

filled as (

    select
        cells.cohort_month,
        cells.order_month,
        cells.cohort_size,
        {{ dbt.datediff('cells.cohort_month', 'cells.order_month', 'month') }}
            as month_number,
        coalesce(activity.active_customer_count, 0) as active_customer_count,
        coalesce(activity.order_count, 0) as order_count,
        coalesce(activity.net_amount, 0)::decimal(38, 4) as net_amount

    from cells
    left join activity
        on
            cells.cohort_month = activity.cohort_month
            and cells.order_month = activity.order_month

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
