{#-
    Runs before every build: the tables that it is going to make are of an unfinished
    build until `record_origins` says what they were made of. A build that is killed
    half-way leaves them so, and they are not published.
-#}
{% macro forget_origins() -%}
    {%- set planned = [] -%}
    {%- if execute and flags.WHICH in ['build', 'run'] -%}
        {%- for id in selected_resources
            if id in graph.nodes and graph.nodes[id].resource_type == 'model' -%}
            {%- set node = graph.nodes[id] -%}
            {%- do planned.append(
                "('" ~ node.schema ~ "', '" ~ node.alias
                ~ "', 'unfinished', 'a build that did not finish or failed a test')"
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if planned -%}
        create table if not exists raw.table_origins (
            table_schema varchar, table_name varchar, origin varchar, input varchar
        );
        delete from raw.table_origins
        where (table_schema, table_name) in (
            select (planned.table_schema, planned.table_name)
            from (values {{ planned | join(', ') }})
                as planned(table_schema, table_name, origin, input)
        );
        insert into raw.table_origins values {{ planned | join(', ') }}
    {%- endif -%}
{%- endmacro %}
