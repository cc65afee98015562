-- Grain: one row per customer and snapshot date; sampled customers at every date,
-- everybody at the as-of date. Nothing but what was known before the date.

with

snapshots as (

    select snapshots.*

    from {{ ref('int_customer_snapshots') }} as snapshots
    inner join {{ ref('int_snapshot_dates') }} as dates
        on snapshots.snapshot_date = dates.snapshot_date

),

snapshot_sizes as (

    select
        snapshot_date,
        count(*) as customer_count

    from snapshots

    group by snapshot_date

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
        first_orders.customer_number,
        -- From the customers known then, so that those who come later change nothing.
        first_orders.draw_share * snapshot_sizes.customer_count as draw_number,
        snapshots.snapshot_date = {{ as_of_date() }} as is_as_of_date,
        -- A month more, or one order yesterday would be 365 orders a year.
        365.0 * snapshots.order_count / (30 + snapshots.tenure_days)
            as orders_per_year,
        (1.0 + snapshots.recency_days) / (1 + snapshots.tenure_days)
            as recency_to_tenure_ratio

    from snapshots
    inner join snapshot_sizes on snapshots.snapshot_date = snapshot_sizes.snapshot_date
    inner join {{ ref('int_first_orders') }} as first_orders
        on snapshots.customer_id = first_orders.customer_id
    left join purchases
        on
            snapshots.customer_id = purchases.customer_id
            and snapshots.snapshot_date = purchases.cutoff_date

)

select
    customer_id,
    customer_number,
    snapshot_date,
    draw_number,
    draw_number < {{ var('prediction_sample_customers') }} as is_sampled,
    is_as_of_date,
    {% for feature in prediction_features() %}
    {{ feature }}::double as {{ feature }},
    {% endfor %}
    -- What Python models know a row by.
    row_number() over (order by snapshot_date, customer_number) - 1 as feature_row

from features

where
    draw_number < {{ var('prediction_sample_customers') }}
    or is_as_of_date
