{#-
    Why a probability is higher or lower, as a sentence: 'Higher because of no order for
    80 days, usually every 20 days'; 'Lower because of orders in the last 90 days: 3,
    usually 1.2'; 'Lower because of average order: 250 GBP, typically 120 GBP'.

    reasons      table with contribution, topic, label, unit, own_value, usual_value,
                 recency_days and gap_days (median days between orders)
    typical      SQL expression: what is typical of others
    typical_gap  and of their days between orders
-#}
{% macro reason_words(reasons, typical, typical_gap) -%}
    case when {{ reasons }}.contribution >= 0 then 'Higher' else 'Lower' end
    || ' because of ' || case
        when {{ reasons }}.topic = 'rhythm'
            then
                'no '
                || case when {{ reasons }}.order_count = 1 then 'second ' else '' end
                || 'order for '
                || {{ counted(whole_days(reasons ~ '.recency_days'), 'day') }}
                || coalesce(
                    ', usually every '
                    || {{ counted(whole_days(reasons ~ '.gap_days'), 'day') }},
                    ', others usually every '
                    || {{ counted(whole_days(typical_gap), 'day') }},
                    ''
                )
        else
            {{ reasons }}.label || ': '
            || {{ feature_value_words(reasons ~ '.own_value', reasons ~ '.unit') }}
            || coalesce(
                ', usually ' || case
                    when {{ reasons }}.unit = 'count'
                        then round({{ reasons }}.usual_value, 1)::string
                    when {{ reasons }}.usual_value is not null
                        then {{ feature_value_words(
                            reasons ~ '.usual_value', reasons ~ '.unit'
                        ) }}
                end,
                ', typically '
                || {{ feature_value_words(typical, reasons ~ '.unit') }}
            )
    end
{%- endmacro %}

{#- Days as a whole number, one at least. -#}
{% macro whole_days(days) -%}
    case when {{ days }} is not null then greatest(round({{ days }}), 1)::bigint end
{%- endmacro %}
