{#-
    The features of a table of snapshots as regressors read them: numbers of 4 bytes,
    money in units of int_money_unit.
-#}
{% macro regressor_features(snapshots) -%}
    {% for feature in snapshot_features() -%}
    {{ unitless_feature(snapshots ~ '.' ~ feature) }}::float as {{ feature }}
    {{- "," if not loop.last }}
    {% endfor %}
{%- endmacro %}
