-- The months of the first quarters and the residual value are the same forecast as the
-- expected orders: a customer's quarters sum up to what the parameters say.

with

quarters as (

    select
        customer_number,
        sum(expected_orders) as expected_orders

    from {{ ref('int_forecast_months') }}

    where
        period_kind = 'quarter'
        and period_number <= 4

    group by customer_number

)

select
    forecasts.customer_number,
    quarters.expected_orders,
    forecasts.expected_orders as expected_orders_365d

from {{ ref('int_order_forecasts') }} as forecasts
inner join quarters on forecasts.customer_number = quarters.customer_number

where
    forecasts.is_as_of_date
    and forecasts.horizon_days = 365
    and forecasts.model = '{{ var("lifetime_value_order_model") }}'
    -- Four quarters are 365 or 366 days.
    and abs(quarters.expected_orders - forecasts.expected_orders)
    > 0.02 * forecasts.expected_orders + 0.0001
