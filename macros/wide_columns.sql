{#- What the wide table `customers` has columns of: feature sets whose chosen segment, and
    targets whose prediction, it holds. More of either are in their own tables. -#}
{% macro wide_feature_sets() -%}
    {{ return(['rfm', 'behaviour', 'attributes', 'combined']) }}
{%- endmacro %}

{% macro wide_targets() -%}
    {{ return([
        'purchase_30d', 'purchase_90d', 'churn_90d', 'churn_180d', 'second_order_90d',
        'high_spender_90d', 'high_spender_365d',
    ]) }}
{%- endmacro %}
