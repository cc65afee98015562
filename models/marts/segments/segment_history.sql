-- Grain: one row per chosen scheme, snapshot date and customer known at that date.

with

chosen as (

    select
        feature_set,
        algorithm

    from {{ ref('cluster_selection') }}

    where is_chosen

),

segment_names as (

    select * from {{ ref('int_segment_names') }}

),

dated_sets as (

    select distinct feature_set

    from {{ ref('int_segment_axes') }}

    where not is_attribute

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

from {{ ref('int_segment_members') }} as members
inner join chosen
    on
        members.feature_set = chosen.feature_set
        and members.algorithm = chosen.algorithm
inner join dated_sets on members.feature_set = dated_sets.feature_set
left join segment_names
    on
        members.scheme = segment_names.scheme
        and members.segment_id = segment_names.segment_id
