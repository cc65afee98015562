-- Grain: one row per customer with a prediction.

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
