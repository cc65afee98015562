-- Grain: one row per return line and sale line it takes units back from.
--
-- Returns are worked through in time order and look only at sales made before them,
-- so a match never changes because of what happens later: a snapshot of the past
-- stays true. Each return takes units back from sales of the same customer and
-- product: at the same price before others, with exactly as many units left before
-- others, the latest before others, and never more than was sold. One step of the
-- recursion is the next return of every customer and product at once.

with recursive

-- What is matched: units of a product; in a log of amounts, money.
lines as (

    select
        order_line_id,
        order_id,
        customer_id,
        coalesce(product_id, '') as product_key,
        line_type,
        abs(case when is_amount_only then line_amount else quantity end) as units,
        case when is_amount_only then 1 else unit_price end as amount_per_unit,
        ordered_at

    from {{ ref('int_transaction_lines') }}

    where
        line_type in ('sale', 'return')
        and customer_id is not null

),

returns as (

    select
        *,
        row_number() over (
            partition by customer_id, product_key
            order by ordered_at, order_line_id
        ) as return_number

    from lines

    where line_type = 'return'

),

returned_products as (

    select distinct
        customer_id,
        product_key

    from returns

),

sales as (

    select lines.*

    from lines
    inner join returned_products
        on
            lines.customer_id = returned_products.customer_id
            and lines.product_key = returned_products.product_key

    where lines.line_type = 'sale'

),

steps as (

    select
        order_line_id as sale_line_id,
        customer_id,
        product_key,
        null::string as return_line_id,
        amount_per_unit,
        units as units_left,
        0::decimal(18, 4) as units_taken,
        0::bigint as return_number,
        ordered_at

    from sales

    union all

    select
        offers.sale_line_id,
        offers.customer_id,
        offers.product_key,
        offers.return_line_id,
        offers.amount_per_unit,
        (offers.units_left - offers.units_taken)::decimal(18, 4) as units_left,
        offers.units_taken,
        offers.return_number,
        offers.ordered_at

    from (
        select
            candidates.*,
            case
                when candidates.is_earlier
                    then greatest(
                        0, least(
                            candidates.units_left,
                            candidates.units_returned
                            - coalesce(
                                sum(
                                    case
                                        when candidates.is_earlier
                                            then candidates.units_left
                                        else 0
                                    end
                                ) over (
                                    partition by
                                        candidates.customer_id, candidates.product_key
                                    order by
                                        candidates.is_same_price desc,
                                        candidates.is_same_quantity desc,
                                        candidates.ordered_at desc,
                                        candidates.sale_line_id desc
                                    rows between unbounded preceding and 1 preceding
                                ), 0
                            )
                        )
                    )
                else 0
            end::decimal(18, 4) as units_taken

        from (
            select
                steps.sale_line_id,
                steps.customer_id,
                steps.product_key,
                returns.order_line_id as return_line_id,
                steps.amount_per_unit,
                steps.units_left,
                returns.units as units_returned,
                returns.return_number,
                steps.ordered_at <= returns.ordered_at as is_earlier,
                steps.amount_per_unit = returns.amount_per_unit as is_same_price,
                steps.units_left = returns.units as is_same_quantity,
                steps.ordered_at

            from steps
            inner join returns
                on
                    steps.customer_id = returns.customer_id
                    and steps.product_key = returns.product_key
                    and steps.return_number + 1 = returns.return_number

            -- A sale that is wholly returned has nothing more to give.
            where steps.units_left > 0
        ) as candidates
    ) as offers

),

matches as (

    select
        steps.return_line_id,
        steps.sale_line_id,
        sales.order_id,
        sales.customer_id,
        steps.units_taken as returned_units,
        -- Valued at the price the units were sold at: a whole return leaves nothing.
        (steps.units_taken * sales.amount_per_unit)::decimal(18, 4) as returned_amount,
        returns.ordered_at as returned_at

    from steps
    inner join sales on steps.sale_line_id = sales.order_line_id
    inner join returns on steps.return_line_id = returns.order_line_id

    where steps.units_taken > 0

)

select * from matches
