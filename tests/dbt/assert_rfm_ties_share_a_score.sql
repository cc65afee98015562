-- Customers with equal values have equal scores, at every snapshot date.

{% for measure, score in [
    ('recency_days', 'recency_score'),
    ('order_count', 'frequency_score'),
    ('net_amount', 'monetary_score'),
] %}
select
    snapshot_date,
    '{{ measure }}' as measure,
    {{ measure }}::decimal(18, 4) as measure_value

from {{ ref('customer_rfm_history') }}

group by
    snapshot_date,
    {{ measure }}

having min({{ score }}) <> max({{ score }})
{{ 'union all' if not loop.last }}
{% endfor %}
