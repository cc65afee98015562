-- Grain: one row per scheme and segment that a rule names: the first name in order that
-- is true of enough of its members; RFM segments are rules by themselves.

with

sampled_members as (

    {{ sampled_segment_members() }}

)

select
    sampled_members.scheme,
    sampled_members.segment_id,
    names.segment_name,
    count(*)::double / sampled_members.member_count as name_share

from sampled_members
inner join {{ ref('int_customer_rule_names') }} as names
    on sampled_members.customer_id = names.customer_id

where
    sampled_members.segment_id <> '0'
    -- Rules speak of orders; groups by attributes or events alone are named by those.
    and sampled_members.scheme in (
        select centres.scheme

        from {{ ref('int_segment_centres') }} as centres

        where
            centres.feature not like 'attribute.%'
            and centres.feature not like 'event.%'
    )

group by
    sampled_members.scheme,
    sampled_members.segment_id,
    sampled_members.member_count,
    names.segment_name,
    names.sort_order

having count(*) >= {{ var('segment_name_min_share') }} * sampled_members.member_count

qualify
    row_number() over (
        partition by sampled_members.scheme, sampled_members.segment_id
        order by names.sort_order
    ) = 1

union all

select
    'rfm' as scheme,
    min(sort_order)::string as segment_id,
    rfm_segment as segment_name,
    1.0 as name_share

from {{ ref('rfm_segments') }}

group by rfm_segment
