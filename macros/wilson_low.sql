{#-
    The lower end of the 95 % interval of a share (Wilson 1927): count of n; null where
    n is 0. It never leaves 0..1 and holds for shares near 0 and 1.
-#}
{% macro wilson_low(part, whole) -%}
    {%- set z = 1.959963985 -%}
    greatest(
        0.0,
        (
            {{ part }} + {{ z * z / 2 }}
            - {{ z }} * sqrt(
                {{ part }} * 1.0 * ({{ whole }} - {{ part }}) / nullif({{ whole }}, 0)
                + {{ z * z / 4 }}
            )
        ) / nullif({{ whole }} + {{ z * z }}, 0)
    )
{%- endmacro %}
