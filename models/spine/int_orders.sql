-- Grain: one row per order (an invoice with at least one sale line).

with

lines as (

    select
        order_line_id,
        order_id,
        customer_id,
        product_id,
        country,
        quantity,
        unit_price,
        line_amount,
        discount,
        unit_cost,
        ordered_at,
        date_trunc('month', ordered_at)::date as sold_month

    from {{ ref('int_transaction_lines') }}

    where line_type = 'sale'

),

first_purchases as (

    select
        customer_id,
        product_id,
        min(ordered_at) as first_ordered_at

    from lines

    where
        customer_id is not null
        and product_id is not null

    group by
        customer_id,
        product_id

),

line_features as (

    select
        lines.*,
        -- A log with discounts says itself what was discounted.
        facts.has_discounts or usual_prices.usual_price is not null
            as has_usual_price,
        case
            when facts.has_discounts then coalesce(lines.discount <> 0, false)
            else coalesce(lines.unit_price < usual_prices.usual_price, false)
        end as is_discounted,
        lines.ordered_at = first_purchases.first_ordered_at as is_first_purchase

    from lines
    cross join {{ ref('int_log_facts') }} as facts
    left join {{ ref('int_usual_prices') }} as usual_prices
        on
            lines.product_id = usual_prices.product_id
            and {{ quantity_band('lines.quantity') }} = usual_prices.quantity_band
            and lines.sold_month = usual_prices.sold_month
    left join first_purchases
        on
            lines.customer_id = first_purchases.customer_id
            and lines.product_id = first_purchases.product_id

)

select
    order_id,
    max(customer_id) as customer_id,
    max(country) as country,
    count(*) as line_count,
    count(distinct product_id) as product_count,
    count(distinct case when is_first_purchase then product_id end)
        as new_product_count,
    count(*) filter (where has_usual_price) as usual_price_line_count,
    count(*) filter (where is_discounted) as discounted_line_count,
    sum(quantity)::decimal(38, 4) as unit_count,
    sum(line_amount)::decimal(38, 4) as gross_amount,
    -- Of an order of which some costs are unknown, the cost is.
    case
        when count(unit_cost) = count(*)
            then sum(quantity::decimal(38, 4) * unit_cost)
    end::decimal(38, 4) as cost_amount,
    min(ordered_at) as ordered_at,
    min(ordered_at)::date as ordered_date

from line_features

group by order_id
