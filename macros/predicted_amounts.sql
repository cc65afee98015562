{#-
    A sub-query with the amounts that every model which is no blend predicts, in trials
    and in service alike.

    is_as_of_date   false: at the cut-offs that models are tried at; true: what serves
    regressors      table with what regressors say, before the season is put back
-#}
{% macro predicted_amounts(is_as_of_date, regressors) -%}
    {% for forecasts in ['int_order_forecasts', 'int_baseline_amounts'] %}
    select
        cutoff_date,
        horizon_days,
        customer_number,
        model,
        predicted_amount

    from {{ ref(forecasts) }}

    where is_as_of_date = {{ is_as_of_date }}

    union all

    {% endfor %}
    select
        periods.cutoff_date,
        regressors.horizon_days,
        regressors.customer_number,
        regressors.model,
        round(
            {{ from_money_units(
                'regressors.predicted_amount * (periods.effective_days / periods.days)'
            ) }}, 9
        ) as predicted_amount

    from {{ ref(regressors) }} as regressors
    inner join {{ ref('int_forecast_periods') }} as periods
        on
            regressors.cutoff_date::date = periods.cutoff_date
            and regressors.horizon_days = periods.period_number

    where periods.period_kind = 'horizon'
{%- endmacro %}
