-- Grain: one row per customer with an order and attribute feature that first orders are
-- judged by (var prediction_attributes).

select
    first_orders.customer_number,
    attributes.feature,
    attributes.feature_value::double as feature_value

from {{ ref('int_attribute_features') }} as attributes
inner join {{ ref('int_first_orders') }} as first_orders
    on attributes.customer_id = first_orders.customer_id

{% set names = var('prediction_attributes') %}
{% if names != ['*'] %}
where attributes.attribute_name in (
    {% for name in names %}'{{ name }}', {% endfor %}''
)
{% endif %}
