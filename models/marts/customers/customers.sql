-- Grain: one row per known customer with an order, returned or not.

with

segments as (

    select
        {% for feature_set in wide_feature_sets() %}
        max(case when feature_set = '{{ feature_set }}' then segment_id end)
            as segment_id_{{ feature_set }},
        max(case when feature_set = '{{ feature_set }}' then segment_name end)
            as segment_name_{{ feature_set }},
        {% endfor %}
        customer_id

    from {{ ref('customer_segments') }}

    where is_chosen

    group by customer_id

),

predictions as (

    select
        {% for target in wide_targets() %}
        max(case when target = '{{ target }}' then tier end) as {{ target }}_tier,
        max(case when target = '{{ target }}' then probability end)
            as {{ target }}_probability,
        {% endfor %}
        max(case when target = 'churn_90d' then reason_1 end) as churn_90d_reason,
        customer_id

    from {{ ref('customer_predictions') }}

    group by customer_id

),

recommendations as (

    select
        {% for slot in ['repeat', 'discovery'] %}
        max(case when slot = '{{ slot }}' then product_id end) as {{ slot }}_product_id,
        max(case when slot = '{{ slot }}' then product end) as {{ slot }}_product,
        {% endfor %}
        customer_id

    from {{ ref('customer_recommendations') }}

    where rank = 1

    group by customer_id

)

select
    customers.customer_id,
    {% for feature_set in wide_feature_sets() %}
    segments.segment_id_{{ feature_set }},
    {% endfor %}
    recommendations.repeat_product_id,
    recommendations.discovery_product_id,

    customers.country,
    customers.attributes,
    rfm.rfm_score,
    rfm.rfm_segment,
    {% for feature_set in wide_feature_sets() %}
    segments.segment_name_{{ feature_set }},
    {% endfor %}
    lifetime_value.value_tier,
    {% for target in wide_targets() %}
    predictions.{{ target }}_tier,
    {% endfor %}
    predictions.churn_90d_reason,
    recommendations.repeat_product,
    recommendations.discovery_product,
    campaigns.action as recommended_action,
    campaigns.channel as channel_hint,
    {{ alive_note('customers', 'rfm', 'lifetime_value', 'predictions') }} as alive_note,

    {% for column in [
        'order_count', 'fully_returned_order_count', 'gross_amount', 'returned_amount',
        'net_amount', 'margin_amount', 'average_order_amount', 'recency_days',
        'tenure_days', 'median_days_between_orders', 'distinct_product_count',
    ] %}
    customers.{{ column }},
    {% endfor %}
    rfm.recency_score,
    rfm.frequency_score,
    rfm.monetary_score,
    {% for target in wide_targets() %}
    predictions.{{ target }}_probability,
    {% endfor %}
    lifetime_value.probability_alive,
    {% for days in lifetime_value_horizons() %}
    lifetime_value.predicted_amount_{{ days }}d,
    {% endfor %}

    customers.cohort_month,
    lifetime_value.next_order_window_start,
    lifetime_value.next_order_window_middle,
    lifetime_value.next_order_window_end,
    {{ as_of_date() }} as as_of_date,
    customers.first_ordered_at,
    customers.last_ordered_at

from {{ ref('int_customers') }} as customers
left join {{ ref('customer_rfm') }} as rfm on customers.customer_id = rfm.customer_id
left join {{ ref('campaign_audiences') }} as campaigns
    on customers.customer_id = campaigns.customer_id
left join segments on customers.customer_id = segments.customer_id
left join predictions on customers.customer_id = predictions.customer_id
left join {{ ref('customer_lifetime_value') }} as lifetime_value
    on customers.customer_id = lifetime_value.customer_id
left join recommendations on customers.customer_id = recommendations.customer_id
