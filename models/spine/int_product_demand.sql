-- Grain: one row per product with eight weeks of history and units that were kept.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

lines as (

    select
        product_id,
        quantity - matched_return_quantity as kept_quantity,
        ordered_at::date as ordered_date

    from {{ ref('order_lines') }}

    where
        line_type = 'sale'
        and product_id is not null

),

first_sales as (

    select
        product_id,
        min(ordered_date) as first_sold_date

    from lines

    group by product_id

),

-- Decimals, whose sums do not depend on the order of the rows.
weekly_units as (

    select
        product_id,
        sum(kept_quantity)::decimal(38, 2) as unit_count

    from lines

    group by
        product_id,
        date_trunc('week', ordered_date)

),

-- Weeks without a sale count as zero, from the first week of the product on:
-- mean = S/n and variance = Q/n - mean^2 over all n weeks.
weekly_sums as (

    select
        weekly_units.product_id,
        max({{ dbt.datediff(
            "date_trunc('week', first_sales.first_sold_date)",
            "date_trunc('week', clock.as_of_date)", 'day'
        ) }}) / 7 + 1 as week_count,
        sum(weekly_units.unit_count)::double as unit_sum,
        sum(weekly_units.unit_count::double * weekly_units.unit_count) as square_sum

    from weekly_units
    inner join first_sales on weekly_units.product_id = first_sales.product_id
    cross join clock

    group by weekly_units.product_id

)

select
    product_id,

    week_count::bigint as week_count,
    unit_sum / week_count as mean_weekly_units,
    sqrt(greatest(square_sum / week_count - power(unit_sum / week_count, 2), 0))
    / (unit_sum / week_count) as weekly_variation

from weekly_sums

-- A few weeks say nothing of how demand varies; neither do units all sent back.
where
    week_count >= 8
    and unit_sum > 0
