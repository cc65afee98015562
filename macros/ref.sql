{#-
    A model of this project, also where the project that it is a package of has one of the
    same name: dbt looks there first. Python models, which read inner tables alone, know
    them by a single name.
-#}
{% macro ref(package, name=none, v=none, version=none) -%}
    {%- if name -%}
        {{ return(builtins.ref(package, name, v=v or version)) }}
    {%- elif model.language == 'python' -%}
        {{ return(builtins.ref(package, v=v or version)) }}
    {%- endif -%}
    {{ return(builtins.ref('customer_analytics', package, v=v or version)) }}
{%- endmacro %}
