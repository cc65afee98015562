-- Grain: one row per customer with a purchase, as of the as-of date.

with

-- What a contact saves of what is at risk, after Neslin et al. (2006), Journal of
-- Marketing Research 43(2), 204-211; by the channel that leaves most of it.
valued as (

    select
        risks.*,
        channels.channel,
        risks.value_level <> 'high'
        or {{ var('campaign_hold_out_best') }} as is_in_draw,
        (
            risks.amount_at_risk::double
            * {{ var('campaign_uplift_share') }} * channels.uplift_factor
        )::decimal(38, 4) as expected_uplift,
        (
            risks.amount_at_risk::double * risks.margin_share
            * {{ var('campaign_uplift_share') }} * channels.uplift_factor
            - {{ var('campaign_contact_cost') }} * channels.cost_factor
        )::decimal(38, 4) as expected_value

    from {{ ref('int_campaign_risks') }} as risks
    cross join {{ ref('campaign_channels') }} as channels

    qualify
        row_number() over (
            partition by risks.customer_id
            order by expected_value desc, channels.cost_factor asc, channels.channel asc
        ) = 1

),

drawn as (

    select
        *,
        is_in_draw and {{ held_out('customer_id') }} as is_hold_out

    from valued

),

assigned as (

    select
        *,
        case
            when is_doubtful or expected_value <= 0 then 'leave'
            when is_hold_out then 'hold_out'
            else 'contact'
        end as assignment

    from drawn

),

first_products as (

    select
        customer_id,
        max(case when slot = 'repeat' then product_id end) as repeat_product_id,
        max(case when slot = 'discovery' then product_id end) as discovery_product_id

    from {{ ref('customer_recommendations') }}

    where rank = 1

    group by customer_id

)

select
    assigned.customer_id,

    rules.campaign,
    rfm.rfm_segment as segment,
    assigned.risk_level,
    assigned.value_level,
    case
        when assigned.is_doubtful
            then 'Check the line that most of the amount stands on: is it a slip?'
        when assigned.assignment = 'leave'
            then 'Leave out: a contact would cost more than it brings'
        when assigned.assignment = 'hold_out'
            then 'Leave alone, to compare the contacted with'
        else rules.action
    end as action,
    case when assigned.assignment = 'contact' then assigned.channel else 'None' end
        as channel,
    assigned.assignment,
    first_products.repeat_product_id,
    first_products.discovery_product_id,

    assigned.risk_probability,
    assigned.predicted_amount_365d,
    assigned.amount_if_ordering,
    assigned.amount_at_risk,
    assigned.margin_share,
    assigned.expected_uplift,
    assigned.expected_value,

    assigned.is_doubtful,
    assigned.is_in_draw,
    assigned.is_hold_out,

    assigned.next_order_window_end,
    {{ as_of_date() }} as as_of_date

from assigned
inner join {{ ref('campaign_rules') }} as rules
    on
        assigned.risk_level = rules.risk_level
        and assigned.value_level = rules.value_level
left join {{ ref('customer_rfm') }} as rfm
    on assigned.customer_id = rfm.customer_id
left join first_products on assigned.customer_id = first_products.customer_id
