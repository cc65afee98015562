-- Grain: one row per customer and snapshot date, from the first purchase on. Every
-- feature uses only what happened before the snapshot date.

with

orders as (

    select * from {{ ref('int_order_snapshots') }}

),

return_rates as (

    select
        customer_id,
        snapshot_date,
        (sum(returned_amount) / sum(gross_amount))::double as return_rate

    from orders

    group by
        customer_id,
        snapshot_date

),

purchases as (

    select
        *,
        lag(days_ago) over (
            partition by customer_id, snapshot_date
            order by ordered_at, order_id
        ) - days_ago as days_since_previous_order,
        date_trunc('month', ordered_date) as order_month,
        lag(date_trunc('month', ordered_date)) over (
            partition by customer_id, snapshot_date
            order by ordered_at, order_id
        ) as previous_order_month,
        extract(hour from ordered_at) as ordered_hour

    from orders

    where is_purchase

),

-- The median by rank: the built-in keeps a list of its own for each of the many
-- customers and dates, which does not spill well.
ranked_gaps as (

    select
        customer_id,
        snapshot_date,
        days_since_previous_order,
        row_number() over (
            partition by customer_id, snapshot_date
            order by days_since_previous_order
        ) as gap_rank,
        count(*) over (partition by customer_id, snapshot_date) as gap_count

    from purchases

    where days_since_previous_order is not null

),

median_gaps as (

    select
        customer_id,
        snapshot_date,
        avg(days_since_previous_order) as median_days_between_orders

    from ranked_gaps

    where 2 * gap_rank between gap_count and gap_count + 2

    group by
        customer_id,
        snapshot_date

),

country_counts as (

    select
        customer_id,
        snapshot_date,
        country,
        row_number() over (
            partition by customer_id, snapshot_date
            order by count(*) desc, country asc
        ) as country_rank

    from purchases

    where country is not null

    group by
        customer_id,
        snapshot_date,
        country

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

        sum(net_amount)::decimal(18, 4) as net_amount,
        {% for days in [30, 90, 180, 365] %}
        sum(case when days_ago <= {{ days }} then net_amount else 0 end)::decimal(18, 4)
            as net_amount_{{ days }}d,
        {% endfor %}
        sum(
            case when days_ago between 276 and 365 then net_amount else 0 end
        )::decimal(18, 4) as net_amount_same_90d_last_year,
        (sum(net_amount) / count(*))::decimal(18, 4) as average_order_amount,
        max(net_amount)::decimal(18, 4) as largest_order_amount,

        avg(days_since_previous_order) as mean_days_between_orders,
        -- From whole sums: the built-in adds up in an order that differs by run.
        case
            when count(days_since_previous_order) > 1
                then sqrt(
                    (
                        count(days_since_previous_order)
                        * sum(days_since_previous_order * days_since_previous_order)
                        - power(sum(days_since_previous_order), 2)
                    )::double
                    / (
                        count(days_since_previous_order)
                        * (count(days_since_previous_order) - 1)
                    )
                )
        end as stddev_days_between_orders,

        sum(unit_count)::decimal(18, 4) as unit_count,
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
        avg(ordered_hour) as average_order_hour

    from purchases

    group by
        customer_id,
        snapshot_date

),

final as (

    select
        features.*,
        median_gaps.median_days_between_orders,
        features.recency_days / nullif(features.mean_days_between_orders, 0)
            as recency_to_gap_ratio,
        return_rates.return_rate,
        country_counts.country

    from features
    inner join return_rates
        on
            features.customer_id = return_rates.customer_id
            and features.snapshot_date = return_rates.snapshot_date
    left join median_gaps
        on
            features.customer_id = median_gaps.customer_id
            and features.snapshot_date = median_gaps.snapshot_date
    left join country_counts
        on
            features.customer_id = country_counts.customer_id
            and features.snapshot_date = country_counts.snapshot_date
            and country_counts.country_rank = 1

)

select * from final
