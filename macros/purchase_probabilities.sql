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
