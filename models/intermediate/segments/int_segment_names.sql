-- Grain: one row per scheme and segment: its name, unique within the scheme.

with

profile_features as (

    select * from {{ ref('segment_profile_features') }}

),

-- Rules speak of behaviour; groups formed by attributes alone are named by those.
named_schemes as (

    select
        selection.feature_set || '_' || selection.algorithm as scheme,
        selection.feature_set,
        bool_and(axes.is_attribute) as is_attributes_only

    from {{ ref('cluster_selection') }} as selection
    inner join {{ ref('int_segment_axes') }} as axes
        on selection.feature_set = axes.feature_set

    where selection.is_best_of_algorithm

    group by
        selection.feature_set,
        selection.algorithm

),

segments as (

    select distinct
        profile_features.scheme,
        profile_features.segment_id,
        named_schemes.feature_set,
        named_schemes.is_attributes_only

    from profile_features
    inner join named_schemes on profile_features.scheme = named_schemes.scheme

),

rules as (

    select
        *,
        count(*) over (partition by segment_name) as condition_count

    from {{ ref('segment_names') }}

),

met_rules as (

    select
        segments.scheme,
        segments.segment_id,
        rules.segment_name,
        rules.sort_order

    from segments
    inner join profile_features
        on
            segments.scheme = profile_features.scheme
            and segments.segment_id = profile_features.segment_id
    inner join rules on profile_features.feature = rules.feature

    where
        not segments.is_attributes_only
        and segments.segment_id <> '0'
        and profile_features.median_value
        between coalesce(rules.min_median, profile_features.median_value)
        and coalesce(rules.max_median, profile_features.median_value)
        and profile_features.deviation
        between coalesce(rules.min_deviation, profile_features.deviation)
        and coalesce(rules.max_deviation, profile_features.deviation)

    group by
        segments.scheme,
        segments.segment_id,
        rules.segment_name,
        rules.sort_order,
        rules.condition_count

    having count(*) = rules.condition_count

),

first_rules as (

    select
        scheme,
        segment_id,
        segment_name

    from met_rules

    qualify
        row_number() over (
            partition by scheme, segment_id
            order by sort_order
        ) = 1

),

-- What sets a segment apart, in its scheme's own features.
traits as (

    select
        segments.scheme,
        segments.segment_id,
        profile_features.deviation,
        profile_features.feature,
        case when profile_features.deviation > 0 then 'high ' else 'low ' end
        || replace(
            replace(replace(profile_features.feature, 'attribute.', ''), '_', ' '),
            '=', ' '
        ) as trait

    from segments
    inner join {{ ref('int_segment_axes') }} as axes
        on segments.feature_set = axes.feature_set
    inner join profile_features
        on
            segments.scheme = profile_features.scheme
            and segments.segment_id = profile_features.segment_id
            and axes.feature = profile_features.feature

),

strong_traits as (

    select
        scheme,
        segment_id,
        string_agg(trait, ', ' order by abs(deviation) desc, feature) as traits

    from (
        select *

        from traits

        where abs(deviation) >= 0.4

        qualify
            row_number() over (
                partition by scheme, segment_id
                order by abs(deviation) desc, feature asc
            ) <= 2
    ) as strongest

    group by
        scheme,
        segment_id

),

base_names as (

    select
        segments.scheme,
        segments.segment_id,
        case
            when segments.segment_id = '0' then 'Unassigned'
            else coalesce(
                first_rules.segment_name,
                upper(substring(strong_traits.traits, 1, 1))
                || substring(strong_traits.traits, 2),
                'Average customers'
            )
        end as base_name

    from segments
    left join first_rules
        on
            segments.scheme = first_rules.scheme
            and segments.segment_id = first_rules.segment_id
    left join strong_traits
        on
            segments.scheme = strong_traits.scheme
            and segments.segment_id = strong_traits.segment_id

),

-- Two groups that a rule gives the same name differ in something: in what most?
namesakes as (

    select
        *,
        count(*) over (partition by scheme, base_name) as namesake_count

    from base_names

),

distinctions as (

    select
        traits.scheme,
        traits.segment_id,
        traits.feature,
        traits.deviation - avg(traits.deviation) over (
            partition by traits.scheme, namesakes.base_name, traits.feature
        ) as difference

    from traits
    inner join namesakes
        on
            traits.scheme = namesakes.scheme
            and traits.segment_id = namesakes.segment_id

    where namesakes.namesake_count > 1

),

main_distinctions as (

    select
        scheme,
        segment_id,
        case when difference > 0 then 'higher ' else 'lower ' end
        || replace(replace(replace(feature, 'attribute.', ''), '_', ' '), '=', ' ')
            as distinction

    from distinctions

    qualify
        row_number() over (
            partition by scheme, segment_id
            order by abs(round(difference, 9)) desc, feature asc
        ) = 1

),

qualified_names as (

    select
        namesakes.scheme,
        namesakes.segment_id,
        namesakes.base_name,
        namesakes.base_name
        || coalesce(': ' || main_distinctions.distinction, '') as full_name

    from namesakes
    left join main_distinctions
        on
            namesakes.scheme = main_distinctions.scheme
            and namesakes.segment_id = main_distinctions.segment_id

),

numbered as (

    select
        *,
        row_number() over (
            partition by scheme, full_name
            order by segment_id::int
        ) as full_name_number

    from qualified_names

)

select
    scheme,
    segment_id,
    base_name,
    full_name
    || case
        when full_name_number > 1 then ' (' || full_name_number::string || ')' else ''
    end as segment_name

from numbered

union all

select distinct
    'rfm' as scheme,
    sort_order::string as segment_id,
    rfm_segment as base_name,
    rfm_segment as segment_name

from {{ ref('rfm_segments') }}
