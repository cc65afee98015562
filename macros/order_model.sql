{#- The model of repeat orders that serves columns about orders. -#}
{% macro order_model() -%}
    (
        select {{ ref('order_model_metrics') }}.model
        from {{ ref('order_model_metrics') }}
        where {{ ref('order_model_metrics') }}.is_chosen
    )
{%- endmacro %}
