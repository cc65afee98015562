{#-
    Why the segment by RFM and the probability of being alive seem to contradict each
    other, in words; null where they do not. RFM compares a customer with the others,
    the probability with the customer's own pace.

    customers    table with order_count, tenure_days and recency_days
    rfm          table with rfm_segment and recency_score
    value        table with probability_alive
    predictions  table with purchase_90d_probability
-#}
{% macro alive_note(customers, rfm, value, predictions) -%}
    {%- set pace -%}
        {{ counted(customers ~ '.order_count', 'order') }} || ' in '
        || {{ counted(customers ~ '.tenure_days', 'day') }} || ' a pause of '
        || {{ counted(customers ~ '.recency_days', 'day') }}
    {%- endset -%}
    case
        when {{ rfm }}.recency_score in (1, 2) and {{ value }}.probability_alive >= 0.5
            then
                {{ rfm }}.rfm_segment
                || ': the last order is longer ago than that of most; '
                || 'still a customer ('
                || round(100 * {{ value }}.probability_alive)::bigint::string
                || ' %): with ' || {{ pace }} || ' is no sign of having left'
        when {{ rfm }}.recency_score >= 4 and {{ value }}.probability_alive < 0.5
            then
                {{ rfm }}.rfm_segment
                || ': the last order is more recent than that of most; perhaps gone ('
                || round(100 * (1 - {{ value }}.probability_alive))::bigint::string
                || ' %): with ' || {{ pace }} || ' is long'
    end
    || coalesce(
        '. Chance of an order in 90 days: '
        || round(100 * {{ predictions }}.purchase_90d_probability)::bigint::string
        || ' %', ''
    )
{%- endmacro %}
