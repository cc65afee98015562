-- What a cut-off learned from was over by then, and every model run says so.

select
    cutoff_date,
    outcome_end_date as last_known_date

from {{ ref('int_lifetime_value_training') }}

where
    outcome_end_date > cutoff_date
    or snapshot_date >= outcome_end_date

union all

select
    cutoff_date,
    coalesce(last_outcome_date, last_training_date) as last_known_date

from {{ ref('int_lifetime_value_model_runs') }}

where
    last_outcome_date > cutoff_date
    or last_training_date > cutoff_date

union all

-- Intervals come from outcomes that were known.
select
    factors.cutoff_date,
    max(backtest.cutoff_date) as last_known_date

from {{ ref('int_interval_factors') }} as factors
inner join {{ ref('int_backtest_amounts') }} as backtest
    on
        factors.model = backtest.model
        and factors.horizon_days = backtest.horizon_days

group by
    factors.model,
    factors.horizon_days,
    factors.cutoff_date

having
    max(factors.cutoff_date)
    < cast({{ dbt.dateadd(
        'day', 'min(backtest.horizon_days)', 'min(backtest.cutoff_date)'
    ) }} as date)
