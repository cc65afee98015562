{#-
    A score 1..5 by fifths of the rows, where equal values always get equal scores:
    1 + the share of rows strictly below, in whole fifths. Where nobody differs the
    score says nothing: it is 3 for all.

    column            what is scored
    partition_by      rows that are compared with one another
    higher_is_better  false: the lowest values score 5
-#}
{% macro tie_safe_score(column, partition_by, higher_is_better=true) -%}
    case
            when {{ all_alike(column, partition_by) }} then 3
            else 1 + floor(
                5.0 * (
                    rank() over (
                        partition by {{ partition_by }}
                        order by {{ column }} {{ 'asc' if higher_is_better else 'desc' }}
                    ) - 1
                ) / count(*) over (partition by {{ partition_by }})
            )::int
        end
{%- endmacro %}

{#- Whether all rows of a partition have the same value. -#}
{% macro all_alike(column, partition_by) -%}
    min({{ column }}) over (partition by {{ partition_by }})
            = max({{ column }}) over (partition by {{ partition_by }})
{%- endmacro %}
