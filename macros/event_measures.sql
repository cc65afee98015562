{#-
    What is measured of the events of one type before a date: columns of
    int_event_snapshots, each with its words (the short ones come after the type), unit,
    how it is without any event of the last year, and how it is scaled: 'amount' by its
    logarithm, 'ratio' too (1 is 0), 'value' by that of its size, 'tone' as it is.
-#}
{% macro event_measures() -%}
    {{ return({
        'count_30d': {
            'short': "events in 30 days",
            'words': "{} events in the last 30 days", 'unit': 'count',
            'absent': '0', 'scale': 'amount',
        },
        'count_90d': {
            'short': "events in 90 days",
            'words': "{} events in the last 90 days", 'unit': 'count',
            'absent': '0', 'scale': 'amount',
        },
        'change_30d': {
            'short': "change of events",
            'words': "{} events of the last 30 days against those before",
            'unit': 'number', 'absent': '1', 'scale': 'ratio',
        },
        'days_since_last': {
            'short': "days since the last event",
            'words': "days since the last {} event", 'unit': 'year_days',
            'absent': '366', 'scale': 'amount',
        },
        'mean_value_90d': {
            'short': "mean value",
            'words': "mean value of {} events in the last 90 days", 'unit': 'number',
            'absent': 'null', 'scale': 'value',
        },
        'mean_tone_90d': {
            'short': "mean tone",
            'words': "mean tone of {} events in the last 90 days", 'unit': 'number',
            'absent': 'null', 'scale': 'tone',
        },
    }) }}
{%- endmacro %}

{#-
    The value of an event feature, and that on the scale models are fitted on.

    measure    SQL expression of its name
    snapshots  table with a row of int_event_snapshots, or nulls
-#}
{% macro event_value(measure, snapshots) -%}
    case {{ measure }}
            {% for name, kind in event_measures().items() %}
            when '{{ name }}'
                then coalesce({{ snapshots }}.{{ name }}::double, {{ kind.absent }})
            {% endfor %}
        end
{%- endmacro %}

{% macro scaled_event_value(measure, value) -%}
    case
            {% for name, kind in event_measures().items() %}
            when {{ measure }} = '{{ name }}' then round(
                {% if kind.scale == 'amount' %}
                ln(1 + {{ value }}),
                {% elif kind.scale == 'ratio' %}
                ln({{ value }}),
                {% elif kind.scale == 'value' %}
                sign({{ value }}) * ln(1 + abs({{ value }})),
                {% else %}
                {{ value }},
                {% endif %}
                9
            )
            {% endfor %}
        end
{%- endmacro %}
