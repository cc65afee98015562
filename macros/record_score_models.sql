{#-
    Keeps how the tables of the score floor are made: their SQL as it ran, or the file of
    a Python model with its settings. By that customer_analytics.scoring answers for a few
    customers without a build.
-#}
{% macro record_score_models(results) -%}
    {%- set rows = [] -%}
    {%- if execute and flags.WHICH in ['build', 'run'] and not flags.EMPTY -%}
        {%- for result in results
            if result.node.resource_type == 'model' and result.status == 'success'
            and 'score' in result.node.tags and result.node.schema != 'raw' -%}
            {%- set node = result.node -%}
            {%- set parents = [] -%}
            {%- for id in node.depends_on.nodes -%}
                {%- set parent = graph.nodes[id] -%}
                {%- do parents.append(parent.schema ~ '.' ~ parent.alias) -%}
            {%- endfor -%}
            {%- do rows.append([
                node.schema, node.alias, node.language,
                node.compiled_code if node.language == 'sql' else node.original_file_path,
                toyaml(node.config.meta), toyaml(parents)
            ]) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if rows -%}
        create table if not exists raw.score_models (
            table_schema varchar, table_name varchar, language varchar, code varchar,
            meta varchar, parents varchar
        );
        create or replace temp table recorded_models as
        select * from (values
        {%- for row in rows %}
            (
                {%- for value in row -%}
                '{{ value | replace("'", "''") }}'{{ ', ' if not loop.last }}
                {%- endfor -%}
            ){{ ',' if not loop.last }}
        {%- endfor %}
        ) as recorded(table_schema, table_name, language, code, meta, parents);
        delete from raw.score_models
        where (table_schema, table_name) in (
            select (table_schema, table_name) from recorded_models
        );
        insert into raw.score_models select * from recorded_models;
        drop table recorded_models
    {%- endif -%}
{%- endmacro %}
