{#-
    A table that reading the input wrote (customer_analytics.input): transactions,
    customer_attributes, reads or notes. Whoever reads it comes after the check.
-#}
{% macro input_table(name) -%}
    {%- set checked = ref('input_files') -%}
    {{ return(table_beside(
        checked, checked.identifier | replace('input_files', 'input_' ~ name)
    )) }}
{%- endmacro %}
