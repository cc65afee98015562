-- No sale gives back more than was sold, no return takes more than was returned, and
-- no return is matched to a sale made after it.

with

matches as (

    select * from {{ ref('int_return_matches') }}

),

lines as (

    select
        order_line_id,
        ordered_at,
        abs(case when is_amount_only then line_amount else quantity end) as units

    from {{ ref('int_transaction_lines') }}

),

sides as (

    select
        sale_line_id as order_line_id,
        returned_units,
        returned_at

    from matches

    union all

    select
        return_line_id as order_line_id,
        returned_units,
        returned_at

    from matches

)

select sides.order_line_id

from sides
inner join lines on sides.order_line_id = lines.order_line_id

group by sides.order_line_id

having
    sum(sides.returned_units) > max(lines.units)
    or min(sides.returned_at) < max(lines.ordered_at)
