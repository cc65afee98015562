{#-
    The odds of having taken so many of the k steps to the next order, against none, of a
    customer who is alive (Reutterer et al. 2021): a negative binomial.

    histories  table with repeat_day_count, first_to_last_days and age_days
    models     table with k, r and alpha
    stage      SQL expression: steps taken, 0..k - 1
-#}
{% macro stage_odds(histories, models, stage) -%}
    {{ negative_binomial_odds(
        order_shape(histories, models), pause_share(histories, models, '0'), stage
    ) }}
{%- endmacro %}

{#-
    The odds of any number of steps short of an order, against none: by how much regular
    gaps make a pause likelier.

    histories, models  as in stage_odds
    days               SQL expression: effective days that the pause goes on
-#}
{% macro pause_odds(histories, models, days='0') -%}
    case
        when {{ models }}.k = 1 then 1.0
        else {{ sum_of_negative_binomial_odds(
            order_shape(histories, models), pause_share(histories, models, days),
            models ~ '.k'
        ) }}
    end
{%- endmacro %}

{#- Shape of a customer's own gamma distribution of rates. -#}
{% macro order_shape(histories, models) -%}
    ({{ models }}.r + {{ models }}.k * {{ histories }}.repeat_day_count)
{%- endmacro %}

{#- Of the rate of that distribution, what the time since the last order makes. -#}
{% macro pause_share(histories, models, days) -%}
    (
        ({{ histories }}.age_days - {{ histories }}.first_to_last_days + {{ days }})
        / ({{ models }}.alpha + {{ histories }}.age_days + {{ days }})
    )
{%- endmacro %}

{#- Steps that an order takes at most (customer_analytics.lifetime_value.mbg_cnbd_k). -#}
{% macro most_steps() -%}
    {{ return(12) }}
{%- endmacro %}

{#- A sub-query with one row per number of steps taken since the last order. -#}
{% macro order_stage_rows() -%}
    {% for stage in range(most_steps()) %}
    select {{ stage }} as stage
    {{ 'union all' if not loop.last }}
    {% endfor %}
{%- endmacro %}
