{#-
    What amounts are predicted for a horizon, in trials and in service alike.
-#}

{#-
    A sub-query with the predictions of every model that is no blend.

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

{#-
    A sub-query with the means of models that err in different ways. Regressors are
    brought to the total of the model that is named first: they know ranks better than
    levels.

    predicted   as above
    members     what each blend is made of: horizon_days, blend, model, share,
                member_count, is_first, is_levelled
-#}
{% macro blended_amounts(predicted, members) -%}
    with

    totals as (

        select
            cutoff_date,
            horizon_days,
            model,
            sum(predicted_amount::decimal(38, 9))::double as total

        from {{ predicted }}

        group by
            cutoff_date,
            horizon_days,
            model

    ),

    factors as (

        select
            totals.cutoff_date,
            totals.horizon_days,
            totals.model,
            members.blend,
            members.member_count,
            members.share * case
                when members.is_levelled
                    then coalesce(
                        max(case when members.is_first then totals.total end) over (
                            partition by
                                totals.cutoff_date, totals.horizon_days, members.blend
                        ) / nullif(totals.total, 0), 1
                    )
                else 1
            end as factor

        from totals
        inner join {{ members }} as members
            on
                totals.horizon_days = members.horizon_days
                and totals.model = members.model

    )

    select
        predicted.cutoff_date,
        predicted.horizon_days,
        predicted.customer_number,
        factors.blend as model,
        sum(
            round(predicted.predicted_amount * factors.factor, 9)::decimal(38, 9)
        )::double as predicted_amount

    from {{ predicted }} as predicted
    inner join factors
        on
            predicted.cutoff_date = factors.cutoff_date
            and predicted.horizon_days = factors.horizon_days
            and predicted.model = factors.model

    group by
        predicted.cutoff_date,
        predicted.horizon_days,
        predicted.customer_number,
        factors.blend

    having count(*) = max(factors.member_count)
{%- endmacro %}
