{#- The features of a table of snapshots as regressors read them: numbers of 4 bytes. -#}
{% macro regressor_features(snapshots) -%}
    {% for feature in snapshot_features() -%}
    {{ snapshots }}.{{ feature }}::float as {{ feature }}
    {{- "," if not loop.last }}
    {% endfor %}
{%- endmacro %}
