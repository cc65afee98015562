{#-
    The rank of a value among the rows of its partition, from 1; equal values share the
    mean of their ranks, as Spearman's correlation wants it.
-#}
{% macro mean_rank(column, partition_by) -%}
    (
            rank() over (partition by {{ partition_by }} order by {{ column }})
            + count(*) over (
                partition by {{ partition_by }}
                order by {{ column }}
                range between unbounded preceding and current row
            )
        ) / 2.0
{%- endmacro %}
