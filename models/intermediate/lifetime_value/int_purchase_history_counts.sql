-- Grain: one row per snapshot date and purchase history, of the customers that models
-- of repeat orders are fitted on.

select
    histories.snapshot_date,
    histories.repeat_day_count,
    histories.first_to_last_days,
    histories.age_days,
    count(*) as customer_count,
    histories.snapshot_date in (
        select cutoffs.cutoff_date

        from {{ ref('int_lifetime_value_cutoffs') }} as cutoffs
    ) as is_cutoff

from {{ ref('int_purchase_histories') }} as histories
inner join {{ ref('int_lifetime_value_customers') }} as customers
    on histories.customer_id = customers.customer_id

where customers.draw_number <= {{ var('lifetime_value_fit_customers') }}

group by
    histories.snapshot_date,
    histories.repeat_day_count,
    histories.first_to_last_days,
    histories.age_days
