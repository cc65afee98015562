-- Grain: one row per snapshot date and day before it, from the first purchase on: first
-- and repeat orders, and how long ago the orders before these were, of the customers
-- that models of repeat orders are fitted on.

with

purchase_days as (

    select distinct
        orders.snapshot_date,
        orders.ordered_date,
        orders.days_ago,
        inputs.customer_number,
        orders.days_ago > inputs.age_days as is_first

    from {{ ref('int_order_snapshots') }} as orders
    inner join {{ ref('int_order_model_inputs') }} as inputs
        on
            orders.customer_id = inputs.customer_id
            and orders.snapshot_date = inputs.snapshot_date

    where orders.is_purchase

),

gaps as (

    select
        *,
        lag(days_ago) over (
            partition by snapshot_date, customer_number
            order by days_ago desc
        ) - days_ago as gap_days

    from purchase_days

),

day_counts as (

    select
        snapshot_date,
        ordered_date,
        count(*) filter (where is_first) as new_customer_count,
        count(*) filter (where not is_first) as repeat_day_count,
        round(sum(ln(gap_days)), 6) as log_gap_sum

    from gaps

    group by
        snapshot_date,
        ordered_date

),

first_days as (

    select
        snapshot_date,
        min(ordered_date) as first_date

    from day_counts

    group by snapshot_date

),

days as (

    {{ calendar(
        "(select min(day_counts.ordered_date) from day_counts)",
        "(select max(day_counts.snapshot_date) from day_counts)"
    ) }}

)

select
    first_days.snapshot_date,
    days.calendar_date,
    {{ week_of_year('days.calendar_date') }} as week_of_year,
    coalesce(day_counts.new_customer_count, 0) as new_customer_count,
    coalesce(day_counts.repeat_day_count, 0) as repeat_day_count,
    coalesce(day_counts.log_gap_sum, 0) as log_gap_sum

from first_days
inner join days
    on
        first_days.first_date <= days.calendar_date
        and first_days.snapshot_date > days.calendar_date
left join day_counts
    on
        first_days.snapshot_date = day_counts.snapshot_date
        and days.calendar_date = day_counts.ordered_date
