{#-
    Tables are named as their models, after `table_prefix`: another project may have tables
    of the same names in the same schema.
-#}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {{ var('table_prefix') }}{{ custom_alias_name | trim if custom_alias_name else node.name }}
{%- endmacro %}
