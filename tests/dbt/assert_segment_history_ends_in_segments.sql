-- The last date of the history is now: everybody is in the same segment, of the same
-- name, as in customer_segments.

with

dated_sets as (

    select distinct feature_set

    from {{ ref('int_segment_axes') }}

    where not is_attribute

),

segments as (

    select
        segments.customer_id,
        segments.scheme,
        segments.segment_id,
        segments.segment_name

    from {{ ref('customer_segments') }} as segments
    inner join dated_sets on segments.feature_set = dated_sets.feature_set

    where segments.is_chosen

),

history as (

    select * from {{ ref('segment_history') }}

    where snapshot_date = {{ as_of_date() }}

)

select
    coalesce(segments.customer_id, history.customer_id) as customer_id,
    coalesce(segments.scheme, history.scheme) as scheme

from segments
full outer join history
    on
        segments.customer_id = history.customer_id
        and segments.scheme = history.scheme

where
    segments.segment_id is distinct from history.segment_id
    or segments.segment_name is distinct from history.segment_name
