-- Grain: one row per chosen scheme, snapshot date and customer known at that date.

with

members as (

    {{ assigned_segments('due.has_history') }}

)

select
    members.customer_id,
    members.scheme,
    members.segment_id,

    -- A segment that nobody is in as of now has no profile to be named by.
    coalesce(
        segment_names.segment_name,
        case
            when members.segment_id = '0' then 'Unassigned'
            else 'Segment ' || members.segment_id
        end
    ) as segment_name,

    members.snapshot_date

from members
left join {{ ref('int_segment_names') }} as segment_names
    on
        members.scheme = segment_names.scheme
        and members.segment_id = segment_names.segment_id
