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

{#- A sub-query with one row per blend and model it is made of: the model's share,
    whether it is the first, and whether it is brought to the total of the first. -#}
{% macro lifetime_value_blend_rows() -%}
    {% for blend, members in var('lifetime_value_blends').items() %}
    {% set last_blend = loop.last %}
    {% set models = members | unique | list %}
    {% for model in models %}
    select
        '{{ blend }}' as blend,
        '{{ model }}' as model,
        {{ members.count(model) }}::double / {{ members | length }} as share,
        {{ models | length }} as member_count,
        {{ loop.first }} as is_first,
        {{ model in lifetime_value_regressors() }} as is_levelled
    {{ 'union all' if not (loop.last and last_blend) }}
    {% endfor %}
    {% endfor %}
{%- endmacro %}
