-- Every column of the wide table that comes from another one is that of the other one,
-- and null where the other one does not know the customer; nobody is lost or doubled.

{{ config(enabled=has_area('lifetime_value')) }}

{# A relation, which of its rows, columns of the same name, and of another name. #}
{% set parts = [
    (ref('int_customers'), 'true', [
        'country', 'attributes', 'order_count',
        'fully_returned_order_count', 'gross_amount', 'returned_amount', 'net_amount', 'margin_amount',
        'average_order_amount', 'recency_days', 'tenure_days',
        'median_days_between_orders', 'distinct_product_count', 'cohort_month',
        'first_ordered_at', 'last_ordered_at',
    ], {}),
    (ref('customer_rfm'), 'true', [
        'rfm_score', 'rfm_segment', 'recency_score', 'frequency_score',
        'monetary_score',
    ], {}),
    (ref('customer_lifetime_value'), 'true', [
        'value_tier', 'probability_alive', 'predicted_amount_90d',
        'predicted_amount_180d', 'predicted_amount_365d', 'next_order_window_start',
        'next_order_window_middle', 'next_order_window_end',
    ], {}),
    (ref('customer_predictions'), "target = 'churn_90d'", [], {
        'churn_90d_reason': 'reason_1',
    }),
    (ref('campaign_audiences'), 'true', [], {
        'recommended_action': 'action', 'channel_hint': 'channel',
    }),
] %}
{% for feature_set in wide_feature_sets() %}
{% do parts.append((
    ref('customer_segments'),
    "is_chosen and feature_set = '" ~ feature_set ~ "'",
    [],
    {
        'segment_id_' ~ feature_set: 'segment_id',
        'segment_name_' ~ feature_set: 'segment_name',
    },
)) %}
{% endfor %}
{% for target in wide_targets() %}
{% do parts.append((
    ref('customer_predictions'),
    "target = '" ~ target ~ "'",
    [],
    {target ~ '_probability': 'probability', target ~ '_tier': 'tier'},
)) %}
{% endfor %}
{% for slot in ['repeat', 'discovery'] %}
{% do parts.append((
    ref('customer_recommendations'),
    "rank = 1 and slot = '" ~ slot ~ "'",
    [],
    {slot ~ '_product_id': 'product_id', slot ~ '_product': 'product'},
)) %}
{% endfor %}

with

buyers as (

    select distinct customer_id

    from {{ ref('orders') }}

    where customer_id is not null

),

{% for relation, condition, columns, renamed in parts %}
part_{{ loop.index }} as (

    select * from {{ relation }}

    where {{ condition }}

),

{% endfor %}

customers as (

    select * from {{ ref('customers') }}

)

{% for relation, condition, columns, renamed in parts %}
select
    '{{ relation.identifier }}, {{ condition | replace("'", "''") }}' as part,
    customers.customer_id

from customers
left join part_{{ loop.index }} as part
    on customers.customer_id = part.customer_id

where
    false
    {% for column in columns %}
    or customers.{{ column }} is distinct from part.{{ column }}
    {% endfor %}
    {% for wide, own in renamed.items() %}
    or customers.{{ wide }} is distinct from part.{{ own }}
    {% endfor %}

union all
{% endfor %}

select
    'orders' as part,
    coalesce(customers.customer_id, buyers.customer_id) as customer_id

from customers
full outer join buyers on customers.customer_id = buyers.customer_id

where
    customers.customer_id is null
    or buyers.customer_id is null
