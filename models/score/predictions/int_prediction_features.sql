-- Grain: one row per customer and snapshot date; sampled customers at every date,
-- everybody at the as-of date. Nothing but what was known before the date.

with

snapshots as (

    select * from {{ ref('int_customer_snapshots') }}

),

customers as (

    select * from {{ ref('int_prediction_customers') }}

),

purchases as (

    select
        customer_id,
        cutoff_date,
        probability

    from {{ ref('int_purchase_probability_baseline') }}

    where horizon_days = 90

),

features as (

    select
        snapshots.*,
        purchases.probability as purchase_probability_90d,
        customers.customer_number,
        customers.is_sampled,
        snapshots.snapshot_date = {{ as_of_date() }} as is_as_of_date,
        -- A month more, or one order yesterday would be 365 orders a year.
        365.0 * snapshots.order_count / (30 + snapshots.tenure_days)
            as orders_per_year,
        (1.0 + snapshots.recency_days) / (1 + snapshots.tenure_days)
            as recency_to_tenure_ratio

    from snapshots
    inner join customers on snapshots.customer_id = customers.customer_id
    left join purchases
        on
            snapshots.customer_id = purchases.customer_id
            and snapshots.snapshot_date = purchases.cutoff_date

    where
        customers.is_sampled
        or snapshots.snapshot_date = {{ as_of_date() }}

)

select
    customer_id,
    customer_number,
    snapshot_date,
    is_sampled,
    is_as_of_date,
    {% for feature in prediction_features() %}
    {{ feature }}::double as {{ feature }},
    {% endfor %}
    -- What Python models know a row by.
    row_number() over (order by snapshot_date, customer_number) - 1 as feature_row

from features
