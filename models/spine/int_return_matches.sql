-- Grain: one row per return line and sale line it takes units back from.
--
-- The rule is that of customer_analytics.returns: in time order, the same price before
-- others, exactly the units left before others, the latest sale before others.

with

returned_units as (

    select * from {{ ref('int_returned_units') }}

),

candidates as (

    select * from {{ ref('int_return_candidates') }}

),

matches as (

    select
        return_lines.order_line_id as return_line_id,
        sale_lines.order_line_id as sale_line_id,
        sale_lines.order_id,
        sale_lines.customer_id,
        (returned_units.units::decimal(38, 0) * 0.0001)::decimal(18, 4)
            as returned_units,
        -- Valued at the price the units were sold at: a whole return leaves nothing.
        (
            returned_units.units::decimal(30, 0) * sale_lines.amount_per_unit * 0.0001
        )::decimal(18, 4) as returned_amount,
        return_lines.ordered_at as returned_at

    from returned_units
    inner join candidates as return_lines
        on returned_units.return_index = return_lines.line_number
    inner join candidates as sale_lines
        on returned_units.sale_index = sale_lines.line_number

)

select * from matches
