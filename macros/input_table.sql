{#-
    A table that reading the input wrote (customer_analytics.input.store): transactions,
    customer_attributes or customer_events, elsewhere than in the schema raw behind input_ (others may have
    such a table there). Whoever reads it comes after the check.
-#}
{% macro input_table(name) -%}
    {%- set checked = ref('input_files') -%}
    {%- set own = name if checked.schema == 'raw' else 'input_' ~ name -%}
    {{ return(table_beside(
        checked, checked.identifier | replace('input_files', own)
    )) }}
{%- endmacro %}
