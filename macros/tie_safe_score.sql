{#-
    A score 1..5 by fifths of the rows, where equal values always get equal scores:
    1 + the share of rows strictly below, in whole fifths.

    column            what is scored
    partition_by      rows that are compared with one another
    higher_is_better  false: the lowest values score 5
-#}
{% macro tie_safe_score(column, partition_by, higher_is_better=true) -%}
    1 + floor(
        5.0 * (
            rank() over (
                partition by {{ partition_by }}
                order by {{ column }} {{ 'asc' if higher_is_better else 'desc' }}
            ) - 1
        ) / count(*) over (partition by {{ partition_by }})
    )::int
{%- endmacro %}
