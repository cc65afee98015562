{#-
    The values of all features of the customers that segments are described by: no more
    than segment_profile_size of them.
-#}
{% macro sampled_feature_values() -%}
    {% for model in ['int_customer_feature_values', 'int_attribute_features'] %}
    select
        feature_values.customer_id,
        feature_values.feature,
        feature_values.feature_value

    from {{ ref(model) }} as feature_values
    inner join {{ ref('int_segment_customers') }} as customers
        on feature_values.customer_id = customers.customer_id

    where
        customers.draw_number <= {{ var('segment_profile_size') }}
        {% if model == 'int_attribute_features' %}
        and {{ valid_at('feature_values', as_of_date()) }}
        {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
{%- endmacro %}

{#- The segments of these customers, and how many of them each has. -#}
{% macro sampled_segment_members() -%}
    select
        members.customer_id,
        members.scheme,
        members.segment_id,
        count(*) over (partition by members.scheme, members.segment_id)
            as member_count

    from {{ ref('int_segment_members') }} as members
    inner join {{ ref('int_segment_customers') }} as customers
        on members.customer_id = customers.customer_id

    where customers.draw_number <= {{ var('segment_profile_size') }}
{%- endmacro %}
