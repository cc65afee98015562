-- Why were a month's sales to known customers higher or lower than a year before: more
-- customers, more orders of each, or larger orders? (The three add up to the change.)

with

complete_months as (

    select sales_month from {{ ref('sales_by_month') }}

    where is_complete

),

orders as (

    select
        customer_id,
        net_amount,
        date_trunc('month', ordered_date)::date as sales_month

    from {{ ref('orders') }}

    where
        customer_id is not null
        and not is_fully_returned

),

months as (

    select
        orders.sales_month,
        count(distinct orders.customer_id) as customer_count,
        count(*) as order_count,
        sum(orders.net_amount) as net_amount

    from orders
    inner join complete_months on orders.sales_month = complete_months.sales_month

    group by orders.sales_month

),

compared as (

    select
        months.sales_month,
        months.net_amount,
        earlier.net_amount as net_amount_year_before,
        ln(months.customer_count::double / earlier.customer_count) as log_customers,
        ln(
            (months.order_count::double / months.customer_count)
            / (earlier.order_count::double / earlier.customer_count)
        ) as log_frequency,
        ln(
            (months.net_amount::double / months.order_count)
            / (earlier.net_amount::double / earlier.order_count)
        ) as log_order_value

    from months
    inner join months as earlier
        on
            months.sales_month
            = {{ dbt.dateadd('year', 1, 'earlier.sales_month') }}::date

),

weighted as (

    select
        *,
        net_amount::double - net_amount_year_before::double as amount_change,
        -- The logarithmic mean, which splits a product without a remainder (the
        -- logarithmic mean Divisia index, Ang 2005).
        case
            when net_amount = net_amount_year_before then net_amount::double
            else
                (net_amount::double - net_amount_year_before::double)
                / ln(net_amount::double / net_amount_year_before::double)
        end as log_mean

    from compared

)

select
    sales_month,

    net_amount,
    net_amount_year_before,
    amount_change,
    log_mean * log_customers as change_by_customers,
    log_mean * log_frequency as change_by_orders_per_customer,
    log_mean * log_order_value as change_by_order_value

from weighted

order by sales_month
