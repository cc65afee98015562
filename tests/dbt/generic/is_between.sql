{#-
    Fails for every value outside the range, by more than doubles are rounded; either end
    may be left open.
-#}
{% test is_between(model, column_name, min_value=none, max_value=none) %}

{% if min_value is none and max_value is none %}
    {{ exceptions.raise_compiler_error(
        'is_between on ' ~ column_name ~ ' needs min_value or max_value'
    ) }}
{% endif %}

select {{ column_name }}

from {{ model }}

where
    false
    {% if min_value is not none %} or {{ column_name }} < {{ min_value }} - 1e-9{% endif %}
    {% if max_value is not none %} or {{ column_name }} > {{ max_value }} + 1e-9{% endif %}

{% endtest %}
