-- Grain: one row per customer and snapshot date, from the first purchase on. Every
-- feature uses only what happened before the snapshot date.

with

purchases as (

    select
        *,
        date_trunc('month', ordered_date) as order_month,
        lag(date_trunc('month', ordered_date)) over (
            partition by customer_id, snapshot_date
            order by ordered_at, order_id
        ) as previous_order_month,
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
        {% for days in [30, 90, 180, 365] %}
        count(*) filter (where days_ago <= {{ days }}) as order_count_{{ days }}d,
        {% endfor %}
        count(*) filter (where days_ago between 276 and 365)
            as order_count_same_90d_last_year,
        -- Distinct months, counted without a set of months for every customer.
        count(*) filter (
            where previous_order_month is null or previous_order_month <> order_month
        ) as active_month_count,

        sum(net_amount)::decimal(38, 4) as net_amount,
        {% for days in [30, 90, 180, 365] %}
        sum(case when days_ago <= {{ days }} then net_amount else 0 end)::decimal(38, 4)
            as net_amount_{{ days }}d,
        {% endfor %}
        sum(
            case when days_ago between 276 and 365 then net_amount else 0 end
        )::decimal(38, 4) as net_amount_same_90d_last_year,
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

        count(*) filter (where {{ iso_weekday('ordered_date') }} >= 6)::double
        / count(*) as weekend_order_share,
        count(*) filter (where ordered_hour < 12)::double
        / count(*) as morning_order_share,
        count(*) filter (where ordered_hour >= 18)::double
        / count(*) as evening_order_share,
        avg(ordered_hour) as average_order_hour,
        count(*) filter (where extract(quarter from ordered_date) = 4)::double
        / count(*) as fourth_quarter_order_share

    from purchases

    group by
        customer_id,
        snapshot_date

),

final as (

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
    inner join {{ ref('int_return_rates') }} as return_rates
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

)

select * from final
