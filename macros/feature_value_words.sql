{#-
    A feature's value as a person writes it: whole days and counts, shares in percent,
    amounts in the shop's currency.

    value  SQL expression
    unit   column with the unit (seed prediction_features)
-#}
{% macro feature_value_words(value, unit) -%}
    case
            when {{ value }} is null then 'unknown'
            when {{ unit }} = 'share'
                then round(100 * {{ value }})::bigint::string || '%'
            when {{ unit }} = 'money'
                then round({{ value }})::bigint::string || ' {{ var("currency") }}'
            -- Nothing older than a year is looked at.
            when {{ unit }} = 'year_days' and {{ value }} > 365 then 'over 365'
            when {{ unit }} = 'number' then round({{ value }}, 1)::string
            else round({{ value }})::bigint::string
        end
{%- endmacro %}
