{#-
    Fails for every row with a value outside its range, by more than doubles are rounded.
    ranges: column to [lowest, highest]; null leaves an end open.
-#}
{% test within(model, ranges) %}

select {{ ranges | join(', ') }}

from {{ model }}

where
    false
    {% for column, (lowest, highest) in ranges.items() %}
    {% if lowest is not none %} or {{ column }} < {{ lowest }} - 1e-9{% endif %}
    {% if highest is not none %} or {{ column }} > {{ highest }} + 1e-9{% endif %}
    {% endfor %}

{% endtest %}
