-- Grain: one row per known customer, returned orders or not.

with

orders as (

    select * from {{ ref('orders') }}

    where customer_id is not null

),

order_totals as (

    select
        customer_id,
        count(*) filter (where not is_fully_returned) as order_count,
        count(*) filter (where is_fully_returned) as fully_returned_order_count,
        sum(gross_amount)::decimal(38, 4) as gross_amount,
        sum(returned_amount)::decimal(38, 4) as returned_amount,
        sum(net_amount)::decimal(38, 4) as net_amount,
        case
            when count(margin_amount) = count(*) then sum(margin_amount)
        end::decimal(38, 4) as margin_amount,
        min(case when not is_fully_returned then ordered_at end) as first_ordered_at,
        max(case when not is_fully_returned then ordered_at end) as last_ordered_at,
        max_by(country, (ordered_at, order_id)) as last_country

    from orders

    group by customer_id

),

attributes as (

    select
        known.customer_id,
        '{' || string_agg(
            {{ as_json('known.attribute_name') }} || ': ' || coalesce(
                {{ as_json('known.value_number') }}, {{ as_json('known.value_text') }}
            ), ', '
            order by known.attribute_name
        ) || '}' as attributes

    from {{ ref('stg_customer_attributes') }} as known

    where {{ valid_at('known', as_of_date()) }}

    group by known.customer_id

)

select
    order_totals.customer_id,

    coalesce(snapshots.country, order_totals.last_country) as country,
    attributes.attributes,

    order_totals.order_count,
    order_totals.fully_returned_order_count,
    order_totals.gross_amount,
    order_totals.returned_amount,
    order_totals.net_amount,
    order_totals.margin_amount,
    snapshots.average_order_amount::decimal(38, 4) as average_order_amount,
    snapshots.recency_days,
    snapshots.tenure_days,
    snapshots.median_days_between_orders,
    snapshots.distinct_product_count,

    date_trunc('month', order_totals.first_ordered_at)::date as cohort_month,
    order_totals.first_ordered_at,
    order_totals.last_ordered_at

from order_totals
left join attributes on order_totals.customer_id = attributes.customer_id
left join {{ ref('int_customer_snapshots') }} as snapshots
    on
        order_totals.customer_id = snapshots.customer_id
        and snapshots.snapshot_date = {{ as_of_date() }}
