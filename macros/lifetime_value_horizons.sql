{#- The horizons, in days, that amounts are predicted for; customer_lifetime_value has
    columns for each of them. -#}
{% macro lifetime_value_horizons() -%}
    {{ return([90, 180, 365]) }}
{%- endmacro %}

{#- A sub-query with one row per horizon. -#}
{% macro lifetime_value_horizon_rows() -%}
    {% for days in lifetime_value_horizons() %}
    select {{ days }} as horizon_days
    {{ 'union all' if not loop.last }}
    {% endfor %}
{%- endmacro %}

{#- The regressors of customer_analytics.lifetime_value.regressors. -#}
{% macro lifetime_value_regressors() -%}
    {{ return(
        ['linear', 'decision_tree', 'random_forest', 'xgboost', 'neural_network']
    ) }}
{%- endmacro %}
