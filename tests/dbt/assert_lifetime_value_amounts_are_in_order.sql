-- More days never bring fewer orders of one model, intervals are not upside down,
-- windows run forward.

select customer_id

from {{ ref('customer_lifetime_value') }}

where
    expected_orders_90d > expected_orders_180d
    or expected_orders_180d > expected_orders_365d
    {% for days in lifetime_value_horizons() %}
    or predicted_amount_{{ days }}d_low > predicted_amount_{{ days }}d_high
    {% endfor %}
    or next_order_window_start > next_order_window_middle
    or next_order_window_middle > next_order_window_end
    or next_order_window_start < as_of_date
