-- Grain: one row per fitted model of repeat orders: what it was fitted to.

select
    order_models.snapshot_date as cutoff_date,
    order_models.model,
    '{"k": ' || order_models.k::string
    || ', "r": ' || round(order_models.r, 6)::string
    || ', "alpha_days": ' || round(order_models.alpha, 6)::string
    || ', "a": ' || round(order_models.a, 6)::string
    || ', "b": ' || round(order_models.b, 6)::string || '}' as parameters,
    order_models.customer_count as n,
    order_models.snapshot_date = clock.learning_date
    and order_models.model = {{ order_model() }} as is_serving

from {{ ref('int_order_models') }} as order_models
cross join {{ ref('int_as_of_date') }} as clock

where
    order_models.r is not null
    and order_models.snapshot_date = order_models.learned_date
