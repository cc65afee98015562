-- Grain: one row per scheme and segment: its name, by rule or else by what sets it
-- apart most, and of how many members it is true; unique within the scheme.

with

base_names as (

    select
        segments.scheme,
        segments.segment_id,
        case
            when segments.segment_id = '0' then 'Unassigned'
            else coalesce(
                rule_names.segment_name,
                upper(substring(highlights.main_traits, 1, 1))
                || substring(highlights.main_traits, 2),
                'Mixed customers'
            )
        end as base_name,
        coalesce(rule_names.name_share, highlights.traits_share) as name_share

    from (
        select distinct
            scheme,
            segment_id

        from {{ ref('int_segment_members') }}
    ) as segments
    left join {{ ref('int_segment_rule_names') }} as rule_names
        on
            segments.scheme = rule_names.scheme
            and segments.segment_id = rule_names.segment_id
    left join {{ ref('int_segment_highlights') }} as highlights
        on
            segments.scheme = highlights.scheme
            and segments.segment_id = highlights.segment_id

),

-- Two groups that a rule gives the same name differ in something: in what most?
distinctions as (

    select
        base_names.scheme,
        base_names.segment_id,
        features.feature,
        round(
            features.deviation - avg(features.deviation) over (
                partition by base_names.scheme, base_names.base_name, features.feature
            ), 9
        ) as difference

    from base_names
    inner join {{ ref('segment_profile_features') }} as features
        on
            base_names.scheme = features.scheme
            and base_names.segment_id = features.segment_id

    where
        (features.scheme, features.feature) in (
            select
                centres.scheme,
                centres.feature

            from {{ ref('int_segment_centres') }} as centres
        )

),

main_distinctions as (

    select
        scheme,
        segment_id,
        {{ feature_words('feature', 'difference', 'higher ', 'lower ') }}
            as distinction

    from distinctions

    where difference <> 0

    qualify
        row_number() over (
            partition by scheme, segment_id
            order by abs(difference) desc, feature asc
        ) = 1

),

numbered as (

    select
        base_names.*,
        base_names.base_name || coalesce(': ' || main_distinctions.distinction, '')
            as full_name,
        row_number() over (
            partition by
                base_names.scheme, base_names.base_name, main_distinctions.distinction
            order by base_names.segment_id::int
        ) as namesake_number

    from base_names
    left join main_distinctions
        on
            base_names.scheme = main_distinctions.scheme
            and base_names.segment_id = main_distinctions.segment_id

)

select
    scheme,
    segment_id,
    base_name,
    name_share,
    full_name || case
        when namesake_number > 1 then ' (' || namesake_number::string || ')'
        else ''
    end as segment_name

from numbered
