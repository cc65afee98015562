-- Grain: one row per product, quantity band and month in which so many were sold, from
-- the band's second month on.
--
-- The usual price is the median over the lines of like quantity sold before the month
-- began, so it is known at the moment of every sale of that month and at every later
-- snapshot. Like quantity, because who buys a hundred pays the price of a hundred: that
-- is no discount.

with

prices as (

    select
        product_id,
        {{ quantity_band('quantity') }} as quantity_band,
        unit_price,
        date_trunc('month', ordered_at)::date as sold_month,
        count(*) as line_count

    from {{ ref('int_transaction_lines') }}

    where
        line_type = 'sale'
        and product_id is not null

    group by
        product_id,
        {{ quantity_band('quantity') }},
        unit_price,
        date_trunc('month', ordered_at)::date

),

product_months as (

    select distinct
        product_id,
        quantity_band,
        sold_month

    from prices

),

earlier_prices as (

    select
        product_months.product_id,
        product_months.quantity_band,
        product_months.sold_month,
        prices.unit_price,
        sum(prices.line_count) as line_count

    from product_months
    inner join prices
        on
            product_months.product_id = prices.product_id
            and product_months.quantity_band = prices.quantity_band
            and product_months.sold_month > prices.sold_month

    group by
        product_months.product_id,
        product_months.quantity_band,
        product_months.sold_month,
        prices.unit_price

),

cumulated as (

    select
        product_id,
        quantity_band,
        sold_month,
        unit_price,
        sum(line_count) over (
            partition by product_id, quantity_band, sold_month
            order by unit_price
            rows between unbounded preceding and current row
        ) as line_count_up_to_price,
        sum(line_count) over (partition by product_id, quantity_band, sold_month)
            as line_count

    from earlier_prices

),

usual_prices as (

    select
        product_id,
        quantity_band,
        sold_month,
        min(unit_price) as usual_price,
        max(line_count)::bigint as earlier_line_count

    from cumulated

    where 2 * line_count_up_to_price >= line_count

    group by
        product_id,
        quantity_band,
        sold_month

)

select * from usual_prices
