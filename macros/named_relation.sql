{#-
    The table that a variable names, quoted: a model, ref('order_lines'), or a source,
    source('shop', 'order_lines'), of the project that this is a package of, on which the
    input then depends; or any table, as written.

    variable  'transactions_relation' or 'customer_events_relation'
-#}
{% macro named_relation(variable) -%}
    {%- set named = var(variable) | string | trim -%}
    {%- set kind = named.split('(')[0] | trim -%}
    {%- set names = modules.re.findall('[\'"]([^\'"]+)[\'"]', named) -%}
    {%- if kind == 'ref' and names -%}
        {%- set found = builtins.ref(
            names[0] if names | length > 1 else project_name, names[-1]
        ) -%}
    {%- elif kind == 'source' and names | length == 2 -%}
        {%- set found = source(names[0], names[1]) -%}
    {%- else -%}
        {{ return(named) }}
    {%- endif -%}
    {{ return(table_beside(found, found.identifier) | string) }}
{%- endmacro %}

{#- A table that lies in the same schema as another. -#}
{% macro table_beside(relation, name) -%}
    {{ return(api.Relation.create(
        database=relation.database, schema=relation.schema, identifier=name
    )) }}
{%- endmacro %}
