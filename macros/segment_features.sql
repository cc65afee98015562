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
