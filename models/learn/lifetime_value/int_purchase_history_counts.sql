-- Grain: one row per snapshot date up to the learning date and purchase history, of the
-- customers that models of repeat orders are fitted on.

select
    snapshot_date,
    repeat_day_count,
    first_to_last_days,
    age_days,
    count(*) as customer_count,
    snapshot_date = {{ learning_date() }}
    or snapshot_date in (
        select cutoffs.cutoff_date

        from {{ ref('int_lifetime_value_cutoffs') }} as cutoffs
    ) as is_cutoff

from {{ ref('int_purchase_histories') }}

where
    draw_number <= {{ var('lifetime_value_fit_customers') }}
    and snapshot_date <= {{ learning_date() }}

group by
    snapshot_date,
    repeat_day_count,
    first_to_last_days,
    age_days
