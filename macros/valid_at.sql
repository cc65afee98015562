{#-
    Whether a row of customer attributes was what was known of its customer at a date: from
    the day before on, until the next row was. Without dates it always was; without an
    order, and so without a date, the last row counts.

    attributes  table with valid_from and valid_to
    date        SQL expression
-#}
{% macro valid_at(attributes, date) -%}
    coalesce({{ attributes }}.valid_from < {{ date }}, true)
        and coalesce(
            {{ attributes }}.valid_to >= {{ date }}, {{ attributes }}.valid_to is null
        )
{%- endmacro %}
