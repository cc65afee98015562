{#-
    A sub-query in which all targets that ask the same of a customer, whether an order
    comes within so many days (purchase_90d, churn_90d, second_order_90d), have the same
    answer: the mean of theirs, whose squared error is no larger than the mean of theirs
    (Bates and Granger 1969, Operational Research Quarterly 20(4)).

    scores  table with target, probability and the columns of asked
    asked   columns that say of whom, when and by what is asked
-#}
{% macro answered_once(scores, asked) -%}
    {%- set chance -%}
        case targets.positive_when
            when 'no_order' then 1 - {0}.probability
            else {0}.probability
        end
    {%- endset -%}
    select
        {{ scores }}.* replace (
            coalesce(
                round({{ chance.replace('{0}', 'answers') }}, 9),
                {{ scores }}.probability
            ) as probability
        )

    from {{ scores }}
    inner join {{ ref('prediction_targets') }} as targets
        on {{ scores }}.target = targets.target
    left join (
        select
            targets.horizon_days,
            {% for column in asked %}
            {{ scores }}.{{ column }},
            {% endfor %}
            avg({{ chance.replace('{0}', scores) }}) as probability

        from {{ scores }}
        inner join {{ ref('prediction_targets') }} as targets
            on {{ scores }}.target = targets.target

        where targets.positive_when in ('order', 'no_order')

        group by all

        having count(*) > 1
    ) as answers
        on
            targets.horizon_days = answers.horizon_days
            {% for column in asked %}
            and {{ scores }}.{{ column }} = answers.{{ column }}
            {% endfor %}
            and targets.positive_when in ('order', 'no_order')
{%- endmacro %}
