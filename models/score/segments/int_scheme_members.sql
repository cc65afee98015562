-- Grain: one row per scheme and customer, as of now; the RFM segments are a scheme too.

with

rfm_segments as (

    select
        rfm_segment,
        min(sort_order) as sort_order

    from {{ ref('rfm_segments') }}

    group by rfm_segment

)

select
    members.customer_id,
    members.scheme,
    members.segment_id

from {{ ref('int_segment_members') }} as members

where members.is_as_of_date

union all

select
    customer_rfm.customer_id,
    'rfm' as scheme,
    rfm_segments.sort_order::string as segment_id

from {{ ref('customer_rfm') }} as customer_rfm
inner join rfm_segments on customer_rfm.rfm_segment = rfm_segments.rfm_segment
