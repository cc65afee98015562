-- Grain: one row per customer with an order: the first order on the scale models are
-- fitted on.

select
    customer_number,
    round(ln(1 + {{ in_money_units('greatest(gross_amount, 0)') }}), 9) as amount,
    round(ln(1 + line_count), 9) as lines,
    round(ln(1 + greatest(unit_count::double, 0)), 9) as units,
    round(ln(1 + product_count), 9) as products,
    round(
        ln(
            1
            + {{ in_money_units('greatest(gross_amount, 0)') }}
            / nullif(unit_count::double, 0)
        ), 9
    ) as unit_amount,
    discounted_line_count::double / nullif(usual_price_line_count, 0)
        as discounted_share,
    extract(hour from ordered_at)::double as hour_of_day,
    ({{ iso_weekday('ordered_date') }} >= 6)::int::double as is_weekend,
    {{ iso_weekday('ordered_date') }}::double as weekday,
    round(sin(2 * pi() * extract(month from ordered_date) / 12), 9) as month_sine,
    round(cos(2 * pi() * extract(month from ordered_date) / 12), 9) as month_cosine,
    -- How usual the country is, rather than one feature for each: among the first
    -- orders up to this one, since which countries grow later nobody knew.
    round(
        (count(*) over of_country)::double / count(*) over of_all, 9
    ) as country_share

from {{ ref('int_first_orders') }}

window
    of_all as (
        order by ordered_at, customer_number
        rows between unbounded preceding and current row
    ),
    of_country as (
        partition by country
        order by ordered_at, customer_number
        rows between unbounded preceding and current row
    )
