-- Grain: one row per product that was sold at least once.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

totals as (

    select * from {{ ref('int_product_sales') }}

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
        when demand.weekly_variation <= {{ var('xyz_limits')[0] }} then 'X'
        when demand.weekly_variation <= {{ var('xyz_limits')[1] }} then 'Y'
        when demand.weekly_variation is not null then 'Z'
    end as xyz_class,

    totals.order_count,
    totals.customer_count,
    totals.unit_count,
    totals.gross_amount,
    totals.returned_amount,
    totals.net_amount,
    totals.median_unit_price,
    demand.weekly_variation,
    {{ dbt.datediff('totals.last_sold_at', 'clock.as_of_date', 'day') }}
        as days_since_last_sale,
    trends.unit_count_90d,
    trends.sell_through_trend,

    slow_movers.product_id is not null as is_slow_mover,

    totals.first_sold_at,
    totals.last_sold_at

from totals
inner join {{ ref('int_product_descriptions') }} as descriptions
    on totals.product_id = descriptions.product_id
left join {{ ref('int_product_demand') }} as demand
    on totals.product_id = demand.product_id
inner join shares on totals.product_id = shares.product_id
inner join {{ ref('int_product_trends') }} as trends
    on totals.product_id = trends.product_id
left join {{ ref('int_product_signals') }} as slow_movers
    on
        totals.product_id = slow_movers.product_id
        and slow_movers.signal = 'slow_moving'
cross join clock
