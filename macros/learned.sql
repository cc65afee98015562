{#-
    Whether this run scores by what an earlier one learned (`customer-analytics score`),
    rather than learning as of its own dates.
-#}
{% macro is_scoring() -%}
    {{ return(env_var('CUSTOMER_ANALYTICS_SCORING', 'false') == 'true') }}
{%- endmacro %}

{#- The table that says what was learned, and from what; read without being built first. -#}
{% macro learned() -%}
    {%- set node = graph.nodes['model.customer_analytics.int_learned']
        if execute else none -%}
    {%- set found = adapter.get_relation(node.database, node.schema, node.alias)
        if node else none -%}
    {%- if execute and not found -%}
        {{ exceptions.raise_compiler_error(
            "nothing has been learned yet: run 'make build' (in plain dbt: dbt build) with "
            "this order log first"
        ) }}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}
