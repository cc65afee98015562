{#-
    All that was learned in one view, learned.fits: a row per fit or back-test, of which
    each model keeps its own in a table of its name (customer_analytics.memory), since of a
    table with all of them reading one would read them all. Beside each is told which runs
    of evidence.model_runs it made.
-#}
{% macro list_fits() -%}
    {%- if execute and flags.WHICH in ['build', 'run'] and not flags.EMPTY -%}
        {%- set tables = run_query(
            "select table_name from information_schema.tables where table_schema = "
            "'learned' and table_type = 'BASE TABLE' order by table_name"
        ).columns[0].values() -%}
        {%- set runs = adapter.get_relation(target.database, 'evidence', 'model_runs') -%}
        create schema if not exists learned;
        create or replace view learned.fits as
        with

        kept as (

            select
                null::varchar as model,
                null::varchar as unit,
                null::varchar as fingerprint,
                null::date as learned_as_of,
                null::json as parameters,
                null::varchar as library_versions,
                null::timestamp as learned_at,
                null::timestamp as used_at,
                null::blob as result

            where false

            {% for table in tables %}
            union all by name

            select
                '{{ table }}' as model,
                *

            from learned."{{ table }}"
            {% endfor %}

        )

        select
            * exclude (result),
            {%- if runs %}
            (
                select list(runs.model_run_id order by runs.model_run_id)

                from {{ runs }} as runs

                where
                    starts_with(kept.unit, runs.target || ' ')
                    and case
                        when kept.unit like '%, served' then runs.is_serving
                        else
                            starts_with(
                                kept.unit,
                                runs.target || ' at ' || runs.cutoff_date::varchar
                            )
                            and not runs.is_serving
                    end
            )
            {%- else %}
            null::varchar[]
            {%- endif %} as model_run_ids,
            result

        from kept
    {%- endif -%}
{%- endmacro %}
