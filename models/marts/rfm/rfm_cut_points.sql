-- Grain: one row per measure and score that occurs.

with

scores as (

    {% for measure, score in [
        ('recency_days', 'recency_score'),
        ('order_count', 'frequency_score'),
        ('net_amount', 'monetary_score'),
    ] %}
    select
        '{{ measure }}' as measure,
        {{ score }} as score,
        {{ measure }}::decimal(38, 4) as measure_value,
        as_of_date

    from {{ ref('customer_rfm') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    measure,
    score,

    min(measure_value)::decimal(38, 4) as lowest_value,
    max(measure_value)::decimal(38, 4) as highest_value,
    count(*) as customer_count,

    max(as_of_date) as as_of_date

from scores

group by
    measure,
    score
