-- Grain: one row per scheme and segment that a rule names: of the seed segment_names
-- the first rule whose conditions all hold, those about the features that the scheme
-- compares before others; RFM segments are rules by themselves.

with

profile_features as (

    select * from {{ ref('segment_profile_features') }}

),

compared_features as (

    select distinct
        scheme,
        feature

    from {{ ref('int_segment_centres') }}

),

rules as (

    select
        *,
        count(*) over (partition by segment_name) as condition_count

    from {{ ref('segment_names') }}

)

select
    profile_features.scheme,
    profile_features.segment_id,
    rules.segment_name

from profile_features
inner join rules on profile_features.feature = rules.feature
left join compared_features
    on
        profile_features.scheme = compared_features.scheme
        and profile_features.feature = compared_features.feature

where
    profile_features.segment_id <> '0'
    -- Rules speak of behaviour; groups formed by attributes alone are named by those.
    and profile_features.scheme in (
        select behaviour.scheme

        from compared_features as behaviour

        where behaviour.feature not like 'attribute.%'
    )
    and profile_features.median_value
    between coalesce(rules.min_median, profile_features.median_value)
    and coalesce(rules.max_median, profile_features.median_value)
    and profile_features.deviation
    between coalesce(rules.min_deviation, profile_features.deviation)
    and coalesce(rules.max_deviation, profile_features.deviation)

group by
    profile_features.scheme,
    profile_features.segment_id,
    rules.segment_name,
    rules.sort_order,
    rules.condition_count

having count(*) = rules.condition_count

qualify
    row_number() over (
        partition by profile_features.scheme, profile_features.segment_id
        order by
            count(compared_features.feature) = rules.condition_count desc,
            rules.sort_order asc
    ) = 1

union all

select
    'rfm' as scheme,
    min(sort_order)::string as segment_id,
    rfm_segment as segment_name

from {{ ref('rfm_segments') }}

group by rfm_segment
