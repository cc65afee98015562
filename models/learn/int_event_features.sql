-- Grain: one row per feature that is made of dated events: each measure of each of the
-- most frequent types, as of the learning date.

with

types as (

    select
        event_type,
        count(event_value) > 0 as has_values,
        count(tone) > 0 as has_tones

    from {{ ref('stg_customer_events') }}

    where event_at < {{ learning_date() }}

    group by event_type

    qualify
        row_number() over (order by count(*) desc, event_type)
        <= {{ var('event_type_limit') }}

),

features as (

    {% for name, kind in event_measures().items() %}
    {% set before, after = kind.words.split('{}') %}
    select
        event_type,
        '{{ name }}' as measure,
        {{ loop.index }} as measure_number,
        '{{ before }}'
        || replace(event_type, '_', ' ')
        || '{{ after }}' as label, -- noqa: RF04
        '{{ kind.unit }}' as unit

    from types
    {% if kind.scale == 'value' %}

    where has_values
    {% elif kind.scale == 'tone' %}

    where has_tones
    {% endif %}
    {{- '\n\n    union all\n' if not loop.last }}
    {% endfor %}

)

select
    'event.' || event_type || '.' || measure as feature,
    row_number() over (order by event_type, measure_number) as feature_number,
    event_type,
    measure,
    'event.' || event_type as topic,
    label,
    unit

from features
