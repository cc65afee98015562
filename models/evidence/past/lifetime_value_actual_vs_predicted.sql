-- Grain: one row per horizon, cut-off and customer: what the model that serves the
-- horizon predicted then, and what came.

select
    ranks.horizon_days,
    ranks.cutoff_date,
    ranks.customer_id,
    ranks.model,
    ranks.predicted_amount::decimal(38, 4) as predicted_amount,
    ranks.low_amount::decimal(38, 4) as low_amount,
    ranks.high_amount::decimal(38, 4) as high_amount,
    ranks.actual_amount::decimal(38, 4) as actual_amount

from {{ ref('int_backtest_ranks') }} as ranks
inner join {{ ref('chosen_lifetime_value_models') }} as chosen
    on
        ranks.horizon_days = chosen.horizon_days
        and ranks.model = chosen.model

where ranks.cutoff_date is not null
