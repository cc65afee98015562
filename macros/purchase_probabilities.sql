{#-
    The probability that a customer has not dropped out, by BG/NBD, MBG/NBD or
    MBG/CNBD-k (Fader, Hardie and Lee 2005; Batislam et al. 2007; Reutterer et al.
    2021).

    histories  table with repeat_day_count, first_to_last_days and age_days
    models     table with model, k, r, alpha, a and b
-#}
{% macro probability_alive(histories, models) -%}
    case
        -- Nobody drops out after the first order in BG/NBD.
        when {{ models }}.model = 'bg_nbd' and {{ histories }}.repeat_day_count = 0
            then 1.0
        else 1 / (
            1 + exp(
                least(
                    ln({{ models }}.a)
                    - ln(
                        {{ models }}.b + {{ histories }}.repeat_day_count
                        - case when {{ models }}.model = 'bg_nbd' then 1 else 0 end
                    )
                    + {{ order_shape(histories, models) }} * ln(
                        ({{ models }}.alpha + {{ histories }}.age_days)
                        / ({{ models }}.alpha + {{ histories }}.first_to_last_days)
                    ) - ln({{ pause_odds(histories, models) }}), 700
                )
            )
        )
    end
{%- endmacro %}

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

    histories, models  as above
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

{#- The probability of an order of a customer who is alive, within effective days. -#}
{% macro order_probability_if_alive(histories, models, effective_days) -%}
    1 - exp(
        {{ order_shape(histories, models) }} * ln(
            ({{ models }}.alpha + {{ histories }}.age_days)
            / ({{ models }}.alpha + {{ histories }}.age_days + {{ effective_days }})
        )
    )
    * {{ pause_odds(histories, models, effective_days) }}
    / {{ pause_odds(histories, models) }}
{%- endmacro %}

{#-
    The probability of an order: that of being alive, and of ordering then.

    histories  as above
    models     as above, with effective_days
-#}
{% macro order_probability(histories, models) -%}
    ({{ probability_alive(histories, models) }}) * (
        {{ order_probability_if_alive(
            histories, models, models ~ '.effective_days'
        ) }}
    )
{%- endmacro %}

{#- The expected value of an order by gamma-gamma; where it is not fitted, the mean of
    all drawn in like one order more. -#}
{% macro expected_order_value(histories, models) -%}
    case
        when {{ models }}.q > 1
            then
                {{ models }}.p * ({{ models }}.gamma + {{ histories }}.net_amount::double)
                / (
                    {{ models }}.p * {{ histories }}.purchase_day_count
                    + {{ models }}.q - 1
                )
        else
            ({{ models }}.mean_amount + {{ histories }}.net_amount::double)
            / (1 + {{ histories }}.purchase_day_count)
    end
{%- endmacro %}
