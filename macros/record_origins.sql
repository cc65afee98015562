{#-
    What input each table was made of, so that tables of two inputs, or of two as-of
    dates, are never published together (customer_analytics.publishing). An origin is a
    hash of a few words, so that noting it costs nothing: the fingerprints of
    raw.input_files hold path, size and time of change of each file (of a relation, the
    number and the hash of its rows) and all settings of the input; the as-of date, and what
    decides which lines are kept, stand beside them. Tables of which a test failed stay
    unfinished, until a build of them passes; those that were not made are what they were.
    Beside the origin of what was learned stands the state it was learned from (`is_known`).
-#}
{% macro record_origins(results) -%}
    {%- set made = [] -%}
    {%- set built = [] -%}
    {%- set learned = [] -%}
    {%- set failed = [] -%}
    {%- set touched = [] -%}
    {%- for result in results
        if result.node.resource_type == 'test' and result.status in ['fail', 'error'] -%}
        {%- do failed.extend(result.node.depends_on.nodes) -%}
    {%- endfor -%}
    {%- if execute and flags.WHICH in ['build', 'run'] and not flags.EMPTY -%}
        {%- for result in results
            if result.node.resource_type == 'model' and result.status == 'success'
            and result.node.unique_id not in failed and result.node.schema != 'raw' -%}
            {%- set name = "('" ~ result.node.schema ~ "', '" ~ result.node.alias ~ "')" -%}
            {%- do made.append(name) -%}
            {%- do learned.append(name) if 'learn' in result.node.tags -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for result in results
        if result.node.resource_type == 'model' and result.status != 'skipped' -%}
        {%- do touched.append(
            "('" ~ result.node.schema ~ "', '" ~ result.node.alias ~ "')"
        ) -%}
    {%- endfor -%}
    {%- if execute and flags.WHICH in ['build', 'run']
        and adapter.get_relation(target.database, 'raw', 'table_origins') %}
        update raw.table_origins
        set origin = earlier_origin, input = earlier_input
        where
            earlier_origin is not null
            {%- if touched %}
            and (table_schema, table_name) not in (values {{ touched | join(', ') }})
            {%- endif %};
        update raw.table_origins set earlier_origin = null, earlier_input = null;
    {%- endif %}
    {%- set clock = results | selectattr('node.name', 'equalto', 'int_as_of_date') | list -%}
    {%- if learned and clock | rejectattr('status', 'equalto', 'success') | list == [] %}
        update raw.table_origins
        set learning_state = {{ learning_state() or 'null' }}
        where (table_schema, table_name) in (values {{ learned | join(', ') }});
    {%- endif %}
    {%- do built.extend(made) -%}
    {#- What was learned earlier was checked to be of this log: it goes with the rest. -#}
    {%- if is_scoring() and made and not failed
        and results | rejectattr('status', 'in', ['success', 'pass', 'warn', 'no-op']) | list
        | length == 0 -%}
        {%- for node in graph.nodes.values()
            if node.resource_type == 'model' and 'learn' in node.tags -%}
            {%- do made.append("('" ~ node.schema ~ "', '" ~ node.alias ~ "')") -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if made and adapter.get_relation(target.database, 'raw', 'input_files') -%}
        {%- set rules = [
            'as_of_date', 'drop_exact_duplicates', 'cancellation_prefix',
            'order_max_gap_hours', 'currency'
        ] -%}
        {%- set values = [] -%}
        {%- for rule in rules -%}
            {%- do values.append(rule ~ '=' ~ var(rule)) -%}
        {%- endfor -%}
        update raw.table_origins
        set origin = of_input.origin, input = of_input.input
        from (
            select
                md5(
                    string_agg(coalesce(fingerprint, ''), ',' order by file_number)
                    || '{{ values | join(";") | replace("'", "''") }}'
                ) as origin,
                string_agg(distinct path, ', ' order by path)
                || '{{ (' as of ' ~ var('as_of_date')) if var('as_of_date') else '' }}'
                    as input
            from raw.input_files
        ) as of_input
        where
            (table_schema, table_name) in (values {{ made | join(', ') }})
            and (
                table_origins.origin <> 'unfinished'
                or (table_schema, table_name) in (values {{ built | join(', ') }})
            )
    {%- endif -%}
{%- endmacro %}
