-- Grain: one row per customer with a purchase, as of the as-of date: risk, value, what
-- is at risk, and what is left of it.

with

predictions as (

    select
        customer_id,
        max(case when target = 'churn_90d' then tier end) as pause_tier,
        coalesce(
            max(case when target = 'churn_90d' then probability end),
            1 - max(case when target = 'purchase_90d' then probability end)
        ) as risk_probability,
        count(case when target = 'churn_90d' then 1 end) > 0 as is_active

    from {{ ref('customer_predictions') }}

    group by customer_id

),

-- Of what was forecast of them, those who pause bring this share of what others do: the
-- mean over past dates. Where no date is over, nothing.
returns as (

    select
        is_active,
        round(avg(remaining_share), 9) as remaining_share

    from {{ ref('pause_returns') }}

    group by is_active

),

valued as (

    select
        lifetime_values.customer_id,
        predictions.risk_probability,
        case
            when predictions.pause_tier is not null then predictions.pause_tier
            -- A pause is predicted of active customers.
            when max(predictions.pause_tier) over () is not null then 'inactive'
            else 'unknown'
        end as risk_level,
        case
            when lifetime_values.value_tier in ('top 1%', 'top 5%', 'top 10%')
                then 'high'
            when lifetime_values.value_tier in ('top 25%', 'top 50%') then 'medium'
            else 'low'
        end as value_level,
        lifetime_values.predicted_amount_365d,
        ({{ amount_if_ordering(
            'lifetime_values.predicted_amount_365d',
            'predictions.risk_probability',
            'coalesce(returns.remaining_share, 0)'
        ) }})::decimal(38, 4) as amount_if_ordering,
        lifetime_values.next_order_window_end,
        -- What is left of an amount, where the log says what units cost.
        coalesce(
            (
                sum(customers.margin_amount) over () / nullif(
                    sum(
                        case
                            when customers.margin_amount is not null
                                then customers.net_amount
                        end
                    ) over (), 0
                )
            )::double, {{ var('campaign_margin') }}
        ) as margin_share,
        doubtful.customer_id is not null as is_doubtful

    from {{ ref('customer_lifetime_value') }} as lifetime_values
    inner join {{ ref('int_customers') }} as customers
        on lifetime_values.customer_id = customers.customer_id
    left join {{ ref('int_doubtful_customers') }} as doubtful
        on lifetime_values.customer_id = doubtful.customer_id
    left join predictions on lifetime_values.customer_id = predictions.customer_id
    left join returns on predictions.is_active = returns.is_active

)

select
    *,
    (amount_if_ordering - predicted_amount_365d)::decimal(38, 4) as amount_at_risk

from valued
