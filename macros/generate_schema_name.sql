{#-
    Schemas are named as written (marts, not main_marts): others rely on the names. As a
    package of another project, by that project's rule.
-#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set rule = (context[project_name] or {}).generate_schema_name
        or dbt.generate_schema_name -%}
    {%- if is_standalone() -%}
        {{ custom_schema_name | trim if custom_schema_name else target.schema }}
    {%- else -%}
        {{ rule(custom_schema_name, node) }}
    {%- endif -%}
{%- endmacro %}
