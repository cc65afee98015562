{#-
    A value on the scale on which customers are compared: amounts, counts and days by
    their logarithm, because a few customers have a hundred times what most have; shares
    by the arcsine of their root (Bartlett 1947), because most lie near 0.

    value  SQL expression
    kind   'share', 'hour' (as it is), or 'amount' for all others
-#}
{% macro scaled_value(value, kind) -%}
    {%- if kind == 'share' -%}
        asin(sqrt({{ value }}::double))
    {%- elif kind == 'hour' -%}
        {{ value }}::double
    {%- else -%}
        ln(1 + {{ value }}::double)
    {%- endif -%}
{%- endmacro %}

{#-
    A snapshot feature on that scale, money in units of int_money_unit; as it is with
    segment_feature_scaling none.
-#}
{% macro segment_value(feature) -%}
    {%- set ending = feature.split('_')[-1] -%}
    {%- if var('segment_feature_scaling') == 'none' -%}
        {{ unitless_feature(feature) }}::double
    {%- else -%}
        {{ scaled_value(
            unitless_feature(feature),
            {'share': 'share', 'rate': 'share', 'hour': 'hour'}.get(ending, 'amount')
        ) }}
    {%- endif -%}
{%- endmacro %}

{#-
    A value on that scale by the name of its feature; a customer attribute, and a mean
    that events come with, as it is.

    value    SQL expression
    feature  column with the feature's name
-#}
{% macro scaled_by_name(value, feature) -%}
    case
            when
                {{ feature }} like 'attribute.%'
                or {{ feature }} like 'event.%.mean%'
                then {{ value }}
            when
                {{ feature }} like '%!_share' escape '!'
                or {{ feature }} like '%!_rate' escape '!'
                then {{ scaled_value(value, 'share') }}
            when {{ feature }} like '%!_hour' escape '!'
                then {{ scaled_value(value, 'hour') }}
            when {{ feature }} like '%!_amount%' escape '!'
                then {{ scaled_value(in_money_units(value), 'amount') }}
            else {{ scaled_value(value, 'amount') }}
        end
{%- endmacro %}

{#- That value on the scale on which customers are compared (segment_feature_scaling). -#}
{% macro segment_event_value(measure, value) -%}
    {%- if var('segment_feature_scaling') == 'none' -%}
        {{ value }}
    {%- else -%}
        {{ scaled_event_value(measure, value) }}
    {%- endif -%}
{%- endmacro %}

{#-
    The snapshot features of a set as a vector, from a row of snapshots and a row of
    scaling that has the mean_value, origin and unit of every feature; an unknown value
    counts as the mean.
-#}
{% macro segment_vector(feature_set) -%}
    [
        {%- for feature in segment_snapshot_features(feature_set) %}
            (
                coalesce(
                    {{ segment_value('snapshots.' ~ feature) }},
                    scaling.{{ feature }}_mean_value,
                    0
                ) - coalesce(scaling.{{ feature }}_origin, 0)
            ) / coalesce(scaling.{{ feature }}_unit, 1)
            {{- ',' if not loop.last }}
        {%- endfor %}
        ]::double []
{%- endmacro %}

{#-
    A customer at a date as a point: the snapshot features of a set, those made of events
    (event_vectors) and attributes (attribute_vectors, or the average).
-#}
{% macro segment_point(feature_set) -%}
    {%- set ns = namespace(vector=segment_vector(feature_set)) -%}
    {%- if has_segment_events(feature_set) -%}
        {%- set ns.vector = vector_concat(ns.vector, 'event_vectors.vector') -%}
    {%- endif -%}
    {%- if segment_attributes(feature_set) -%}
        {%- set ns.vector = vector_concat(
            ns.vector,
            'coalesce(attribute_vectors.vector, average_attributes.vector, [])'
        ) -%}
    {%- endif -%}
    {{ ns.vector }}
{%- endmacro %}
