-- Grain: one row per snapshot date up to the learning date and customer whom the models
-- of repeat orders, and at cut-offs those of order values, are fitted on.

with

cutoff_dates as (

    -- What serves within a month is fitted at its start.
    select distinct learned_date

    from {{ ref('int_lifetime_value_cutoffs') }}

)

select
    histories.snapshot_date,
    histories.customer_id,
    histories.customer_number,
    histories.repeat_day_count,
    histories.first_to_last_days,
    histories.age_days,
    histories.purchase_day_count,
    {{ in_money_units('histories.net_amount::double / histories.purchase_day_count') }}
        as average_amount,
    cutoff_dates.learned_date is not null as is_cutoff

from {{ ref('int_purchase_histories') }} as histories
inner join {{ ref('int_snapshot_dates') }} as snapshot_dates
    on histories.snapshot_date = snapshot_dates.snapshot_date
left join cutoff_dates on histories.snapshot_date = cutoff_dates.learned_date

where
    histories.draw_number <= {{ var('lifetime_value_fit_customers') }}
    and histories.snapshot_date <= {{ learning_date() }}
