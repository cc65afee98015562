-- Grain: one row per baseline, and customer and snapshot date of
-- int_prediction_features: the bin that the customer falls into.

with

features as (

    select
        customer_id,
        snapshot_date,
        recency_days

    from {{ ref('int_prediction_features') }}

),

rfm as (

    select
        customer_id,
        snapshot_date,
        recency_score + frequency_score + monetary_score as score_sum

    from {{ ref('customer_rfm_history') }}

)

select
    customer_id,
    snapshot_date,
    'base_rate' as model,
    0 as score_bin

from features

union all

select
    customer_id,
    snapshot_date,
    'recency' as model,
    -- By the week for half a year, by the month until two years.
    case
        when recency_days < 182 then floor(recency_days / 7.0)
        else least(20 + floor(recency_days / 30.0), 44)
    end::int as score_bin

from features

union all

select
    features.customer_id,
    features.snapshot_date,
    'rfm_sum' as model,
    rfm.score_sum as score_bin

from features
inner join rfm
    on
        features.customer_id = rfm.customer_id
        and features.snapshot_date = rfm.snapshot_date
