{#-
    A sub-query with the means of models that err in different ways. Regressors are
    brought to the total of the model that is named first: they know ranks better than
    levels.

    predicted   name of a CTE of `predicted_amounts`
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
