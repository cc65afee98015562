-- Grain: one row per date that customers are looked at as of: snapshot dates, and the
-- middle of some months, which amounts are forecast from on trial as they are from an
-- as-of date within a month.

{% set spacing = lifetime_value_spacing() %}

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

snapshot_dates as (

    select
        snapshot_date,
        is_as_of_date

    from {{ ref('int_snapshot_dates') }}

)

select
    snapshot_dates.snapshot_date,
    least(snapshot_dates.snapshot_date, clock.learning_date) as learned_date,
    snapshot_dates.is_as_of_date,
    false as is_within_month

from snapshot_dates
cross join clock
{% if has_area('lifetime_value') %}

union all

-- Counted from the first order, so that a month from now the same ones are there. What
-- is fitted is fitted as of the month's start, as it is for an as-of date.
select
    snapshot_dates.snapshot_date + 15 as snapshot_date,
    snapshot_dates.snapshot_date as learned_date,
    false as is_as_of_date,
    true as is_within_month

from snapshot_dates
cross join clock

where
    extract(day from snapshot_dates.snapshot_date) = 1
    and snapshot_dates.snapshot_date + 15 < clock.learning_date
    and {{ dbt.datediff(
        'clock.first_order_date', 'snapshot_dates.snapshot_date', 'month'
    ) }} % {{ 2 * spacing }} = {{ spacing }}
{% endif %}
