-- Every customer with a purchase has one forecast, and nobody else.

{{ config(enabled=has_area('lifetime_value')) }}

with

customers as (

    select customer_id from {{ ref('int_customer_snapshots') }}

    where snapshot_date = {{ as_of_date() }}

),

forecasts as (

    select customer_id from {{ ref('customer_lifetime_value') }}

)

select
    customers.customer_id,
    forecasts.customer_id as forecast_customer_id

from customers
full join forecasts on customers.customer_id = forecasts.customer_id

where
    customers.customer_id is null
    or forecasts.customer_id is null
