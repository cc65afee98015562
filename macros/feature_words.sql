{#-
    A feature in words that a stranger understands: 'high annual income', 'low order
    count'; of one value of a text attribute the value, 'Female', with the attribute's
    name before it where the value says nothing alone: 'household size 1', 'newsletter
    no'.

    feature     column with the feature's name: order_count, attribute.annual_income,
                attribute.gender=Female
    difference  column whose sign says in which direction
    more, less  what to write before a number's name
-#}
{% macro feature_words(feature, difference, more, less) -%}
    {%- set name -%}
        {{ feature_name("split_part(" ~ feature ~ ", '=', 1)") }}
    {%- endset -%}
    {%- set value -%}
        substring({{ feature }}, strpos({{ feature }}, '=') + 1)
    {%- endset -%}
    case
            when {{ feature }} like '%=%'
                then case when {{ difference }} > 0 then '' else 'rarely ' end
                    || case
                        when
                            length({{ value }}) <= 3
                            or lower({{ value }}) in ('true', 'false', 'none', 'other')
                            -- Figures and signs alone.
                            or lower({{ value }}) = upper({{ value }})
                            then {{ name }} || ' '
                        else ''
                    end
                    || {{ value }}
            else case
                when {{ difference }} > 0 then '{{ more }}' else '{{ less }}'
            end || {{ name }}
        end
{%- endmacro %}

{#- A feature's name in words, without what it is made of. -#}
{% macro feature_name(feature) -%}
    case
            when {{ feature }} like 'event.%'
                then replace(split_part({{ feature }}, '.', 2), '_', ' ')
                    || case split_part({{ feature }}, '.', 3)
                        {% for name, kind in event_measures().items() %}
                        when '{{ name }}' then ' {{ kind.short }}'
                        {% endfor %}
                    end
            else replace(replace({{ feature }}, 'attribute.', ''), '_', ' ')
        end
{%- endmacro %}
