-- Grain: one row per model and feature, at the last earlier cut-off: what a feature is
-- worth.

select
    'lifetime_value' as area,
    'amount_' || horizon_days::string || 'd' as target,
    model,
    cutoff_date::date as cutoff_date,
    feature,
    'permutation' as method,
    round(importance, 9) as importance,
    round(importance_std, 9) as importance_std

from {{ ref('ml_amount_importance') }}
