-- Grain: one row per target and customer who is eligible as of now.

select
    eligibility.target,
    eligibility.customer_id,
    features.customer_number,
    features.feature_row

from {{ ref('int_prediction_eligibility') }} as eligibility
inner join {{ ref('int_prediction_features') }} as features
    on
        eligibility.customer_id = features.customer_id
        and eligibility.snapshot_date = features.snapshot_date

where features.is_as_of_date
