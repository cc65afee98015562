-- Grain: one row per customer and horizon, as of the as-of date: the amount by the
-- model that serves, before anything is put in order.

with

parts as (

    select * from {{ ref('int_forecast_predictions') }}

),

totals as (

    select
        horizon_days,
        member,
        share,
        is_first,
        is_levelled,
        sum(predicted_amount::decimal(38, 9))::double as total

    from parts

    group by
        horizon_days,
        member,
        share,
        is_first,
        is_levelled

),

-- Regressors are brought to the total of the first member, as in the trials.
factors as (

    select
        horizon_days,
        member,
        share * case
            when is_levelled
                then coalesce(
                    max(case when is_first then total end) over (
                        partition by horizon_days
                    ) / nullif(total, 0), 1
                )
            else 1
        end as factor

    from totals

)

select
    parts.customer_number,
    parts.horizon_days,
    parts.model,
    sum(round(parts.predicted_amount * factors.factor, 9)::decimal(38, 9))::double
        as predicted_amount

from parts
inner join factors
    on
        parts.horizon_days = factors.horizon_days
        and parts.member = factors.member

group by
    parts.customer_number,
    parts.horizon_days,
    parts.model
