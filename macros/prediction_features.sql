{#-
    What customers are judged by when something is predicted: columns of
    int_prediction_features, each with how it is scaled. 'amount' by its logarithm,
    because a few customers have a hundred times what most have; 'share' as it is;
    'chance' by its log-odds.
-#}
{% macro prediction_features() -%}
    {{ return({
        'recency_days': 'amount', 'tenure_days': 'amount',
        'first_to_last_days': 'amount', 'order_count': 'amount',
        'order_count_30d': 'amount', 'order_count_90d': 'amount',
        'order_count_180d': 'amount', 'order_count_365d': 'amount',
        'order_count_same_90d_last_year': 'amount', 'active_month_count': 'amount',
        'orders_per_year': 'amount', 'net_amount': 'amount',
        'net_amount_90d': 'amount', 'net_amount_365d': 'amount',
        'average_order_amount': 'amount', 'largest_order_amount': 'amount',
        'mean_days_between_orders': 'amount', 'median_days_between_orders': 'amount',
        'stddev_days_between_orders': 'amount', 'recency_to_gap_ratio': 'amount',
        'recency_to_tenure_ratio': 'share', 'distinct_product_count': 'amount',
        'lines_per_order': 'amount', 'units_per_order': 'amount',
        'new_product_share': 'share', 'return_rate': 'share',
        'discounted_line_share': 'share', 'purchase_probability_90d': 'chance',
    }) }}
{%- endmacro %}
