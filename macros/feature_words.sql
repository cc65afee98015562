{#-
    A feature in words: 'high annual income', 'low order count', 'mostly Female' for one
    value of a text attribute.

    feature     column with the feature's name
    difference  column whose sign says in which direction
    more, less  what to write before a number's name
-#}
{% macro feature_words(feature, difference, more, less) -%}
    case
            when {{ feature }} like '%=%'
                then case when {{ difference }} > 0 then 'mostly ' else 'rarely ' end
                    || split_part({{ feature }}, '=', 2)
            else case
                when {{ difference }} > 0 then '{{ more }}' else '{{ less }}'
            end || replace(replace({{ feature }}, 'attribute.', ''), '_', ' ')
        end
{%- endmacro %}
