-- Grain: one row per cut-off, horizon and customer there is a forecast for: a sample of
-- the customers at earlier cut-offs, everybody as of the as-of date.

with

histories as (

    select * from {{ ref('int_purchase_histories') }}

),

cutoffs as (

    select * from {{ ref('int_lifetime_value_cutoffs') }}

)

select
    cutoffs.cutoff_date,
    cutoffs.horizon_days,
    cutoffs.is_as_of_date,
    histories.customer_id,
    histories.customer_number,
    histories.purchase_day_count,
    histories.repeat_day_count,
    histories.first_to_last_days,
    histories.age_days,
    histories.net_amount,
    round(histories.net_amount::double / histories.purchase_day_count, 9)
        as average_amount

from cutoffs
inner join histories on cutoffs.cutoff_date = histories.snapshot_date

where
    cutoffs.is_as_of_date
    or histories.draw_number <= {{ var('lifetime_value_backtest_customers') }}
