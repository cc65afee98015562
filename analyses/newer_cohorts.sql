-- Do the customers we win now come back more than those we won a year earlier, at the
-- same age? (Three months after the month of the first order.)

with

retention as (

    select * from {{ ref('cohort_retention') }}

    where
        month_number = 3
        and is_complete
        -- Whoever bought in the first month of data may be an old customer.
        and not is_first_cohort

)

select
    retention.cohort_month,

    retention.cohort_size,
    retention.retention_rate,
    earlier.cohort_size as cohort_size_year_before,
    earlier.retention_rate as retention_rate_year_before,
    retention.retention_rate - earlier.retention_rate as retention_change,
    retention.cumulative_amount_per_customer,
    earlier.cumulative_amount_per_customer as cumulative_amount_year_before

from retention
inner join retention as earlier
    on
        retention.cohort_month
        = {{ dbt.dateadd('year', 1, 'earlier.cohort_month') }}::date

order by retention.cohort_month
