-- Grain: one row per customer with a purchase, as of the as-of date.

with

customers as (

    select
        *,
        case
            when churn_90d_tier is not null then churn_90d_tier
            -- Churn is predicted of active customers.
            when count(churn_90d_tier) over () > 0 then 'inactive'
            else 'unknown'
        end as risk_level,
        case
            when value_tier in ('top 1%', 'top 5%', 'top 10%') then 'high'
            when value_tier in ('top 25%', 'top 50%') then 'medium'
            else 'low'
        end as value_level,
        coalesce(churn_90d_probability, 1 - purchase_90d_probability)
            as risk_probability,
        -- What is left of an amount, where the log says what units cost.
        coalesce(
            (
                sum(margin_amount) over ()
                / nullif(
                    sum(case when margin_amount is not null then net_amount end)
                        over (), 0
                )
            )::double, {{ var('campaign_margin') }}
        ) as margin_share

    from {{ ref('customers') }}

    where value_tier is not null

),

-- What is lost should the customer leave, and what a contact saves of it, after Neslin
-- et al. (2006), Journal of Marketing Research 43(2), 204-211.
amounts as (

    select
        *,
        (risk_probability * predicted_amount_365d::double)::decimal(38, 4)
            as amount_at_risk,
        (
            risk_probability * predicted_amount_365d::double
            * {{ var('campaign_uplift_share') }} * margin_share
            - {{ var('campaign_contact_cost') }}
        )::decimal(38, 4) as expected_value,
        {{ held_out('customer_id') }} as is_hold_out

    from customers

)

select
    amounts.customer_id,

    rules.campaign,
    amounts.rfm_segment as segment,
    amounts.risk_level,
    amounts.value_level,
    coalesce(rules.action, amounts.recommended_action) as action,
    coalesce(rules.channel, amounts.channel_hint) as channel,
    case
        when amounts.expected_value <= 0 then 'leave'
        when amounts.is_hold_out then 'hold_out'
        else 'contact'
    end as assignment,
    amounts.repeat_product_id,
    amounts.discovery_product_id,

    amounts.risk_probability,
    amounts.predicted_amount_365d,
    amounts.amount_at_risk,
    amounts.margin_share,
    amounts.expected_value,

    amounts.is_hold_out,

    amounts.next_order_window_end,
    amounts.as_of_date

from amounts
inner join {{ ref('campaign_rules') }} as rules
    on
        amounts.risk_level = rules.risk_level
        and amounts.value_level = rules.value_level
