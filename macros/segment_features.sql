{#-
    Which features customers are compared by (var segment_feature_sets): columns of
    int_customer_snapshots, customer attributes with the prefix 'attribute.', and features
    made of events with the prefix 'event.'.
-#}

{#- The snapshot columns among the features of one set, or of all sets, each once. -#}
{% macro segment_snapshot_features(feature_set=none) -%}
    {%- set sets = var('segment_feature_sets') -%}
    {%- set found = [] -%}
    {%- for name in sets if feature_set is none or name == feature_set -%}
        {%- for feature in sets[name]
            if not feature.startswith(('attribute.', 'event.'))
            and feature not in found -%}
            {%- if feature not in snapshot_features() -%}
                {{ exceptions.raise_compiler_error(
                    "segment_feature_sets: '" ~ feature ~ "' in the set '" ~ name
                    ~ "' is no feature. Write attribute." ~ feature ~ " for a customer "
                    ~ "attribute, or one of: " ~ snapshot_features() | join(', ')
                ) }}
            {%- endif -%}
            {%- do found.append(feature) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- The attributes among the features of a set, without the prefix; '*' is all. -#}
{% macro segment_attributes(feature_set) -%}
    {%- set found = [] -%}
    {%- for feature in var('segment_feature_sets')[feature_set]
        if feature.startswith('attribute.') -%}
        {%- do found.append(feature | replace('attribute.', '', 1)) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- Whether features made of events are among those of a set. -#}
{% macro has_segment_events(feature_set) -%}
    {%- set found = [] -%}
    {%- for feature in var('segment_feature_sets')[feature_set]
        if feature.startswith('event.') -%}
        {%- do found.append(feature) -%}
    {%- endfor -%}
    {{ return(found | length > 0) }}
{%- endmacro %}

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
    All features of all sets as they are listed: by their place in the list, those made
    of attributes and events by none, because a star stands for any number of them.
-#}
{% macro listed_segment_features() -%}
    {%- set listed = [] -%}
    {%- for feature_set, features in var('segment_feature_sets').items() -%}
        {%- for feature in features | unique -%}
            {%- set is_named = feature.startswith(('attribute.', 'event.')) -%}
            {%- do listed.append(
                (feature_set, feature, 'null' if is_named else loop.index)
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for feature_set, feature, list_number in listed %}
    select
        '{{ feature_set }}' as feature_set,
        '{{ feature }}' as listed_name,
        {{ feature.startswith('attribute.') }} as is_attribute,
        {{ feature.startswith('event.') }} as is_event,
        {{ list_number }} as list_number
    {{ 'union all' if not loop.last }}
    {%- endfor %}
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
