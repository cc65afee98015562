{#-
    What everything on the learn floor is made of, as an SQL expression: the past as of the
    learning date, the other inputs, and the code and settings, which the command hashes
    (customer_analytics.versions). None where it did not: dbt by itself makes all anew.
-#}
{% macro learning_state() -%}
    {%- set code = env_var('CUSTOMER_ANALYTICS_CODE', '') -%}
    {%- if not code or flags.FULL_REFRESH -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set place = {} -%}
    {%- for name in ['int_as_of_date', 'input_files'] -%}
        {%- set node = graph.nodes['model.customer_analytics.' ~ name] -%}
        {%- do place.update({
            name: api.Relation.create(node.database, node.schema, node.alias)
        }) -%}
    {%- endfor -%}
    {{ return(
        "(select md5(concat_ws(',', '" ~ code ~ "', clock.learning_date, "
        ~ "clock.data_fingerprint, clock.details_fingerprint, ("
        ~ "select string_agg(fingerprint, ',' order by file_number) from "
        ~ place.input_files ~ " where role <> 'transactions'))) from "
        ~ place.int_as_of_date ~ " as clock)"
    ) }}
{%- endmacro %}

{#-
    Whether a table of the learn floor was made before of all that it is made of now
    (`record_origins` notes that); if not, it is forgotten what it was made of, since a
    build may end half-way.
-#}
{% macro is_known(model) -%}
    {%- set state = learning_state() if 'learn' in model.tags else none -%}
    {%- if not state -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set this_table = "table_schema = '" ~ model.schema ~ "' and table_name = '"
        ~ model.alias ~ "'" -%}
    {%- set found = run_query(
        "select count(*) from raw.table_origins where " ~ this_table
        ~ " and learning_state = " ~ state
    ).columns[0].values()[0] -%}
    {%- if not found -%}
        {%- do run_query(
            "update raw.table_origins set learning_state = null where " ~ this_table
        ) -%}
    {%- endif -%}
    {{ return(found > 0) }}
{%- endmacro %}
