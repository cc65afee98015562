{#- Whether this is the project that dbt runs, not a package of another. -#}
{% macro is_standalone() -%}
    {{ return(project_name == 'customer_analytics') }}
{%- endmacro %}
