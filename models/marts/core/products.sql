-- Grain: one row per product that was sold at least once.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

lines as (

    select
        *,
        ordered_at::date as ordered_date,
        quantity - matched_return_quantity as kept_quantity,
        (matched_return_quantity * unit_price)::decimal(18, 4) as returned_amount

    from {{ ref('order_lines') }}

    where
        line_type = 'sale'
        and product_id is not null

),

totals as (

    select
        product_id,
        count(distinct order_id) as order_count,
        count(distinct customer_id) as customer_count,
        sum(quantity)::decimal(18, 4) as unit_count,
        sum(line_amount)::decimal(18, 4) as gross_amount,
        sum(returned_amount)::decimal(18, 4) as returned_amount,
        sum(line_amount - returned_amount)::decimal(18, 4) as net_amount,
        median(unit_price)::decimal(18, 4) as median_unit_price,
        min(ordered_date) as first_sold_date,
        min(ordered_at) as first_sold_at,
        max(ordered_at) as last_sold_at

    from lines

    group by product_id

),

weekly_units as (

    select
        product_id,
        date_trunc('week', ordered_date) as sold_week,
        sum(kept_quantity)::double as unit_count

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
            "date_trunc('week', totals.first_sold_date)",
            "date_trunc('week', clock.as_of_date)", 'day'
        ) }}) / 7 + 1 as week_count,
        sum(weekly_units.unit_count) as unit_sum,
        sum(weekly_units.unit_count * weekly_units.unit_count) as square_sum

    from weekly_units
    inner join totals on weekly_units.product_id = totals.product_id
    cross join clock

    group by weekly_units.product_id

),

variability as (

    -- A few weeks say nothing of how demand varies; neither do units all sent back.
    select
        product_id,
        sqrt(greatest(square_sum / week_count - power(unit_sum / week_count, 2), 0))
        / (unit_sum / week_count) as weekly_variation

    from weekly_sums

    where
        week_count >= 8
        and unit_sum > 0

),

shares as (

    select
        product_id,
        -- The revenue share of all products that sell more: the best seller has 0,
        -- so that it is an A however large its own share.
        (
            sum(net_amount) over (
                order by net_amount desc, product_id asc
                rows between unbounded preceding and current row
            ) - net_amount
        ) / nullif(sum(net_amount) over (), 0) as revenue_share_above

    from totals

)

select
    totals.product_id,

    descriptions.description,
    descriptions.category,
    case
        when shares.revenue_share_above < {{ var('abc_limits')[0] }} then 'A'
        when shares.revenue_share_above < {{ var('abc_limits')[1] }} then 'B'
        else 'C'
    end as abc_class,
    case
        when variability.weekly_variation <= {{ var('xyz_limits')[0] }} then 'X'
        when variability.weekly_variation <= {{ var('xyz_limits')[1] }} then 'Y'
        when variability.weekly_variation is not null then 'Z'
    end as xyz_class,

    totals.order_count,
    totals.customer_count,
    totals.unit_count,
    totals.gross_amount,
    totals.returned_amount,
    totals.net_amount,
    totals.median_unit_price,
    variability.weekly_variation,
    {{ dbt.datediff('totals.last_sold_at', 'clock.as_of_date', 'day') }}
        as days_since_last_sale,

    {{ dbt.datediff('totals.last_sold_at', 'clock.as_of_date', 'day') }}
    > {{ var('slow_mover_days') }} as is_slow_mover,

    totals.first_sold_at,
    totals.last_sold_at

from totals
inner join {{ ref('int_product_descriptions') }} as descriptions
    on totals.product_id = descriptions.product_id
left join variability on totals.product_id = variability.product_id
inner join shares on totals.product_id = shares.product_id
cross join clock
