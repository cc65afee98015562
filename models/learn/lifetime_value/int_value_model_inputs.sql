-- Grain: one row per cut-off and customer that models of order values are fitted on.

with

cutoff_dates as (

    -- What serves at the as-of date is fitted at the learning date.
    select distinct least(cutoff_date, {{ learning_date() }}) as cutoff_date

    from {{ ref('int_lifetime_value_cutoffs') }}

)

select
    histories.snapshot_date,
    histories.customer_number,
    histories.purchase_day_count,
    {{ in_money_units('histories.net_amount::double / histories.purchase_day_count') }}
        as average_amount

from {{ ref('int_purchase_histories') }} as histories
inner join cutoff_dates on histories.snapshot_date = cutoff_dates.cutoff_date

where histories.draw_number <= {{ var('lifetime_value_fit_customers') }}
