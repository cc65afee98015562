-- Grain: one row per scheme and customer, as of now: every served solution, and the RFM
-- segments.

with

assigned as (

    {{ assigned_segments('due.snapshot_date is null') }}

),

rfm_segments as (

    select
        rfm_segment,
        min(sort_order) as sort_order

    from {{ ref('rfm_segments') }}

    group by rfm_segment

)

select
    customer_id,
    scheme,
    segment_id,
    feature_set,
    algorithm,
    membership_probability,
    is_chosen

from assigned

union all

select
    customer_rfm.customer_id,
    'rfm' as scheme,
    rfm_segments.sort_order::string as segment_id,
    'rfm' as feature_set,
    'rules' as algorithm,
    null as membership_probability,
    false as is_chosen

from {{ ref('customer_rfm') }} as customer_rfm
inner join rfm_segments on customer_rfm.rfm_segment = rfm_segments.rfm_segment
