{#- The horizons, in days, that amounts are predicted for; customer_lifetime_value has
    columns for each of them. -#}
{% macro lifetime_value_horizons() -%}
    {{ return([90, 180, 365]) }}
{%- endmacro %}

{#- Months from one date that amounts are forecast from on trial to the next, so that as
    many as are wanted make a year. -#}
{% macro lifetime_value_spacing() -%}
    {{ return([12 // var('lifetime_value_cutoff_count'), 1] | max) }}
{%- endmacro %}

{#- The regressors of customer_analytics.lifetime_value.regressors. -#}
{% macro lifetime_value_regressors() -%}
    {{ return(
        ['linear', 'decision_tree', 'random_forest', 'xgboost', 'neural_network']
    ) }}
{%- endmacro %}

{#- A sub-query with one row per blend and model it is made of: the model's share, and
    whose total it is brought to: all to that of `lifetime_value_blend_levels`, or of the
    first model where that says nothing, else regressors to that of the first; null for
    its own. -#}
{% macro lifetime_value_blend_rows() -%}
    {% for blend, members in var('lifetime_value_blends').items() %}
    {% set last_blend = loop.last %}
    {% set models = members | unique | list %}
    {% set level = var('lifetime_value_blend_levels').get(blend) %}
    {% for model in models %}
    select
        '{{ blend }}' as blend,
        '{{ model }}' as model,
        {{ members.count(model) }}::double / {{ members | length }} as share,
        {{ models | length }} as member_count,
        {% if level -%}
        '{{ level }}'
        {%- elif model in lifetime_value_regressors() and not loop.first -%}
        '{{ models | first }}'
        {%- else -%}
        null::varchar
        {%- endif %} as level_model,
        '{{ models | first }}' as first_model
    {{ 'union all' if not (loop.last and last_blend) }}
    {% endfor %}
    {% endfor %}
{%- endmacro %}
