{#-
    The p-value after Benjamini and Hochberg (1995), from the columns p_value, test_count
    (all that was tested, of the group if there is one) and rank_number (`p_value_rank`).
-#}
{% macro adjusted_p_value(group=none) -%}
    least(
        1.0,
        min(p_value * test_count / rank_number) over (
            {{ 'partition by ' ~ group if group }}
            order by p_value desc
            range between unbounded preceding and current row
        )
    )
{%- endmacro %}
