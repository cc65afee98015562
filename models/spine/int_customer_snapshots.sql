-- Grain: one row per customer and snapshot date, from the first purchase on. Every
-- feature uses only what happened before the snapshot date.

{% set periods = {
    '30d': 'days_ago <= 30', '90d': 'days_ago <= 90', '180d': 'days_ago <= 180',
    '365d': 'days_ago <= 365', 'same_90d_last_year': 'days_ago between 276 and 365',
} %}
{% set kinds = {
    'weekend': iso_weekday('ordered_date') ~ ' >= 6', 'morning': 'ordered_hour < 12',
    'evening': 'ordered_hour >= 18',
    'fourth_quarter': 'extract(quarter from ordered_date) = 4',
} %}

with

purchases as (

    select
        *,
        coalesce(
            date_trunc('month', ordered_date) > lag(ordered_date) over (
                partition by customer_id, snapshot_date order by ordered_at, order_id
            ), true
        ) as is_first_of_month,
        extract(hour from ordered_at) as ordered_hour

    from {{ ref('int_order_snapshots') }}

    where is_purchase

),

features as (

    select
        customer_id,
        snapshot_date,

        min(days_ago) as recency_days,
        max(days_ago) as tenure_days,
        max(days_ago) - min(days_ago) as first_to_last_days,

        count(*) as order_count,
        {% for period, condition in periods.items() %}
        count(*) filter (where {{ condition }}) as order_count_{{ period }},
        {% endfor %}
        -- Distinct months, counted without a set of months for every customer.
        count(*) filter (where is_first_of_month) as active_month_count,

        sum(net_amount)::decimal(38, 4) as net_amount,
        {% for period, condition in periods.items() %}
        sum(case when {{ condition }} then net_amount else 0 end)::decimal(38, 4)
            as net_amount_{{ period }},
        {% endfor %}
        -- Nine decimals: a fit shall not see where a quotient was rounded.
        (sum(net_amount) / count(*))::decimal(38, 9) as average_order_amount,
        max(net_amount)::decimal(38, 4) as largest_order_amount,

        sum(unit_count)::decimal(38, 4) as unit_count,
        sum(new_product_count)::bigint as distinct_product_count,
        sum(new_product_count)::double / nullif(sum(product_count), 0)
            as new_product_share,
        sum(line_count)::double / count(*) as lines_per_order,
        sum(unit_count)::double / count(*) as units_per_order,
        sum(discounted_line_count)::double / nullif(sum(usual_price_line_count), 0)
            as discounted_line_share,
        {% for kind, condition in kinds.items() %}
        count(*) filter (where {{ condition }})::double / count(*)
            as {{ kind }}_order_share,
        {% endfor %}
        avg(ordered_hour) as average_order_hour

    from purchases

    group by
        customer_id,
        snapshot_date

),

-- Of all orders: what came back whole is no purchase, but a return.
return_rates as (

    select
        customer_id,
        snapshot_date,
        coalesce(sum(returned_amount) / nullif(sum(gross_amount), 0), 0)::double
            as return_rate

    from {{ ref('int_order_snapshots') }}

    group by
        customer_id,
        snapshot_date

)

select
    features.*,
    gaps.mean_days_between_orders,
    gaps.median_days_between_orders,
    gaps.stddev_days_between_orders,
    features.recency_days / nullif(gaps.mean_days_between_orders, 0)
        as recency_to_gap_ratio,
    return_rates.return_rate,
    countries.country

from features
inner join return_rates
    on
        features.customer_id = return_rates.customer_id
        and features.snapshot_date = return_rates.snapshot_date
left join {{ ref('int_order_gaps') }} as gaps
    on
        features.customer_id = gaps.customer_id
        and features.snapshot_date = gaps.snapshot_date
left join {{ ref('int_customer_countries') }} as countries
    on
        features.customer_id = countries.customer_id
        and features.snapshot_date = countries.snapshot_date
