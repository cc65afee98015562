{#-
    A sub-query with the means of models that err in different ways, brought to the total
    of one that knows levels better.

    predicted   name of a CTE of `predicted_amounts`
    members     what each blend is made of: horizon_days, blend, model, share,
                member_count, level_model, first_model
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
            members.share
            * case
                when members.level_model is not null
                    then coalesce(
                        coalesce(levels.total, firsts.total) / nullif(totals.total, 0), 1
                    )
                else 1
            end as factor

        from totals
        inner join {{ members }} as members
            on
                totals.horizon_days = members.horizon_days
                and totals.model = members.model
        left join totals as levels
            on
                totals.cutoff_date = levels.cutoff_date
                and totals.horizon_days = levels.horizon_days
                and members.level_model = levels.model
        left join totals as firsts
            on
                totals.cutoff_date = firsts.cutoff_date
                and totals.horizon_days = firsts.horizon_days
                and members.first_model = firsts.model

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
