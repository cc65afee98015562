{#-
    A whole number with its noun as text: '1 order', '2 orders'; null stays null.

    number  SQL expression
    noun    its singular; the plural takes an s
-#}
{% macro counted(number, noun) -%}
    ({{ number }})::string
        || case when ({{ number }}) = 1 then ' {{ noun }}' else ' {{ noun }}s' end
{%- endmacro %}
