-- The cells of all cohorts add up to all purchases, and month 0 holds the whole cohort.

with

cells as (

    select
        sum(order_count) as order_count,
        sum(net_amount) as net_amount

    from {{ ref('cohort_retention') }}

),

purchases as (

    select
        count(*) as order_count,
        sum(net_amount) as net_amount

    from {{ ref('orders') }}

    where order_number is not null

)

select 'sums of all cells' as failure

from cells
cross join purchases

where
    coalesce(cells.order_count, 0) <> purchases.order_count
    or coalesce(cells.net_amount, 0) <> coalesce(purchases.net_amount, 0)

union all

select 'month 0 of ' || cohort_month::varchar as failure

from {{ ref('cohort_retention') }}

where
    month_number = 0
    and retention_rate <> 1
