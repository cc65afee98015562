{#-
    Runs after every build: notes for each table that was made what input it was made
    of, so that tables of two inputs, or of two as-of dates, are never published
    together (customer_analytics.publishing). The fingerprints of raw.input_files hold
    the files and all settings of the input, the as-of date among them.
-#}
{% macro record_origins(results) -%}
    {%- set made = [] -%}
    {%- if execute and flags.WHICH in ['build', 'run'] -%}
        {%- for result in results
            if result.node.resource_type == 'model' and result.status == 'success' -%}
            {%- do made.append(
                "('" ~ result.node.schema ~ "', '" ~ result.node.alias ~ "')"
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if made -%}
        create table if not exists raw.table_origins (
            table_schema varchar, table_name varchar, origin varchar, input varchar
        );
        delete from raw.table_origins
        where (table_schema, table_name) in (values {{ made | join(', ') }});
        insert into raw.table_origins
        select
            made.table_schema,
            made.table_name,
            input.origin,
            input.input
        from (values {{ made | join(', ') }}) as made(table_schema, table_name)
        cross join (
            select
                md5(string_agg(coalesce(fingerprint, ''), ',' order by path, sheet))
                    as origin,
                string_agg(distinct path, ', ' order by path)
                || '{{ (' as of ' ~ var('as_of_date')) if var('as_of_date') else '' }}'
                    as input
            from raw.input_files
        ) as input
    {%- endif -%}
{%- endmacro %}
