{#-
    How many p-values (of a group, if any) are as small or smaller: of equal ones the
    larger rank, as `adjusted_p_value` needs it.
-#}
{% macro p_value_rank(p_value, group=none) -%}
    count(*) over (
        {{ 'partition by ' ~ group if group }}
        order by {{ p_value }}
        range between unbounded preceding and current row
    )
{%- endmacro %}
