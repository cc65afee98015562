-- Grain: one row per scheme and segment: by rule, else by what sets it apart most.

with

segments as (

    select distinct
        scheme,
        segment_id

    from {{ ref('int_scheme_members') }}

    where scheme <> 'rfm'

),

strongest as (

    select *

    from {{ ref('int_segment_traits') }}

    where
        abs(deviation) >= 0.4
        -- Who has one value of a text does not have the others.
        and (deviation > 0 or feature not like '%=%')

    qualify
        row_number() over (
            partition by scheme, segment_id
            order by abs(deviation) desc, feature asc
        ) <= 2

),

strong_traits as (

    select
        scheme,
        segment_id,
        string_agg(trait, ', ' order by abs(deviation) desc, feature) as traits

    from strongest

    group by
        scheme,
        segment_id

)

select
    segments.scheme,
    segments.segment_id,
    case
        when segments.segment_id = '0' then 'Unassigned'
        else coalesce(
            rule_names.segment_name,
            upper(substring(strong_traits.traits, 1, 1))
            || substring(strong_traits.traits, 2),
            'Average customers'
        )
    end as base_name

from segments
left join {{ ref('int_segment_rule_names') }} as rule_names
    on
        segments.scheme = rule_names.scheme
        and segments.segment_id = rule_names.segment_id
left join strong_traits
    on
        segments.scheme = strong_traits.scheme
        and segments.segment_id = strong_traits.segment_id
