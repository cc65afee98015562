{#- The numeric columns of int_customer_snapshots: what the feature tables describe. -#}
{% macro snapshot_features() -%}
    {{ return([
        'recency_days', 'tenure_days', 'first_to_last_days',
        'order_count', 'order_count_30d', 'order_count_90d', 'order_count_180d',
        'order_count_365d', 'order_count_same_90d_last_year', 'active_month_count',
        'net_amount', 'net_amount_30d', 'net_amount_90d', 'net_amount_180d',
        'net_amount_365d', 'net_amount_same_90d_last_year',
        'average_order_amount', 'largest_order_amount',
        'mean_days_between_orders', 'median_days_between_orders',
        'stddev_days_between_orders', 'recency_to_gap_ratio',
        'unit_count', 'distinct_product_count', 'new_product_share',
        'lines_per_order', 'units_per_order', 'return_rate',
        'discounted_line_share', 'weekend_order_share', 'morning_order_share',
        'evening_order_share', 'average_order_hour', 'fourth_quarter_order_share',
    ]) }}
{%- endmacro %}
