-- Grain: one row per earlier cut-off, horizon, blend and model it is made of: what the
-- model's predictions count in it. Regressors are brought to the total of the model
-- that is named first.

with

totals as (

    select
        cutoff_date,
        horizon_days,
        model,
        sum(predicted_amount::decimal(38, 9))::double as total

    from {{ ref('int_backtest_predictions') }}

    group by
        cutoff_date,
        horizon_days,
        model

),

members as (

    {{ lifetime_value_blend_rows() }}

)

select
    totals.cutoff_date,
    totals.horizon_days,
    members.blend,
    members.model,
    members.member_count,
    members.share * case
        when members.is_levelled
            then coalesce(
                max(case when members.is_first then totals.total end) over (
                    partition by totals.cutoff_date, totals.horizon_days, members.blend
                ) / nullif(totals.total, 0), 1
            )
        else 1
    end as factor

from totals
inner join members on totals.model = members.model
