{#-
    Runs before every build: the tables that it is going to make are of an unfinished
    build until `record_origins` says what they were made of. A build that is killed
    half-way leaves them so, and they are not published.
-#}
{% macro forget_origins() -%}
    {%- set planned = [] -%}
    {%- if execute and flags.WHICH in ['build', 'run'] -%}
        {%- for id in selected_resources
            if id in graph.nodes and graph.nodes[id].resource_type == 'model'
            and graph.nodes[id].schema != 'raw' -%}
            {%- set node = graph.nodes[id] -%}
            {%- do planned.append(
                "('" ~ node.schema ~ "', '" ~ node.alias
                ~ "', 'unfinished', 'a build that did not finish or failed a test')"
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if planned -%}
        create schema if not exists raw;
        create table if not exists raw.table_origins (
            table_schema varchar, table_name varchar, origin varchar, input varchar
        );
        alter table raw.table_origins add column if not exists earlier_origin varchar;
        alter table raw.table_origins add column if not exists earlier_input varchar;
        alter table raw.table_origins add column if not exists learning_state varchar;
        create or replace temp table planned_tables as
        select * from (values {{ planned | join(', ') }})
            as planned(table_schema, table_name, origin, input);
        update raw.table_origins
        set
            earlier_origin = nullif(table_origins.origin, 'unfinished'),
            earlier_input = table_origins.input,
            origin = planned_tables.origin,
            input = planned_tables.input
        from planned_tables
        where (table_origins.table_schema, table_origins.table_name)
            = (planned_tables.table_schema, planned_tables.table_name);
        insert into raw.table_origins by name
        select *
        from planned_tables
        where (table_schema, table_name) not in (
            select (table_schema, table_name) from raw.table_origins
        );
        drop table planned_tables
    {%- endif -%}
{%- endmacro %}
