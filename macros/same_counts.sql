{#-
    The condition that a row of `ml_joint_p_values` is of the counts of a split of an
    itemset, either way around.
-#}
{% macro same_counts(splits, p_values) -%}
    {{ splits }}.all_count = {{ p_values }}.all_count
    and least({{ splits }}.antecedent_count, {{ splits }}.consequent_count)
    = {{ p_values }}.first_count
    and greatest({{ splits }}.antecedent_count, {{ splits }}.consequent_count)
    = {{ p_values }}.second_count
    and {{ splits }}.joint_count = {{ p_values }}.joint_count
{%- endmacro %}
