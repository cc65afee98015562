{#-
    Runs before every build. Resolving this source makes the input plugin
    (customer_analytics.dbt_plugin) read and check the files the variables name,
    create raw.transactions and raw.customer_attributes, and stop dbt with one list
    of everything that is wrong. Unchanged files are not read again.
-#}
{% macro load_input() -%}
    {% if execute and flags.WHICH in ['build', 'run', 'seed', 'test', 'snapshot'] -%}
        {%- if is_scoring() -%}
            {#- Told before any work: there is nothing to score by. -#}
            {%- do learned() -%}
        {%- endif -%}
        select count(*) from {{ source('raw', 'input_files') }}
    {%- endif %}
{%- endmacro %}
