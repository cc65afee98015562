-- What was forecast for the customers of each past date, what did they bring, and how
-- wrong were "as in the period before" and "as last year"?

{{ config(enabled=has_area('lifetime_value')) }}

with

chosen as (

    select * from {{ ref('chosen_lifetime_value_models') }}

),

metrics as (

    select * from {{ ref('lifetime_value_metrics') }}

    where cutoff_date is not null

)

select
    metrics.horizon_days,
    metrics.cutoff_date,
    metrics.model,

    metrics.n as customer_count,
    metrics.predicted_amount,
    metrics.actual_amount,
    metrics.bias,
    last_period.bias as bias_of_last_period,
    seasonal_naive.bias as bias_of_seasonal_naive,
    metrics.gini,
    last_period.gini as gini_of_last_period,
    metrics.interval_coverage

from metrics
inner join chosen
    on
        metrics.horizon_days = chosen.horizon_days
        and metrics.model = chosen.model
left join metrics as last_period
    on
        metrics.horizon_days = last_period.horizon_days
        and metrics.cutoff_date = last_period.cutoff_date
        and last_period.model = 'last_period'
left join metrics as seasonal_naive
    on
        metrics.horizon_days = seasonal_naive.horizon_days
        and metrics.cutoff_date = seasonal_naive.cutoff_date
        and seasonal_naive.model = 'seasonal_naive'

order by
    metrics.horizon_days,
    metrics.cutoff_date
