{#-
    A table of the learn floor: dbt's own, but that it is not made again of what it was made
    of before (`is_known`). Python models ask their memory (customer_analytics.memory), and
    what is published keeps the constraints that dbt gives none but its own tables.
-#}
{% materialization learned_table, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- if not existing or not is_known(model) -%}
        {{ return(materialization_table_duckdb()) }}
    {%- endif -%}
    {%- call noop_statement('main', 'KNOWN') -%}
        -- Made before of the same.
    {%- endcall -%}
    {{ return({'relations': [existing]}) }}
{% endmaterialization %}
