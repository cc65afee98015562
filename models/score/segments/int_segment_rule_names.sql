-- Grain: one row per scheme and segment that a rule of the seed segment_names gives a
-- name: the first rule whose conditions all hold, those about the features that the
-- scheme compares before others.

with

profile_features as (

    select * from {{ ref('segment_profile_features') }}

),

-- Rules speak of behaviour; groups formed by attributes alone are named by those.
schemes as (

    select scheme

    from {{ ref('int_segment_traits') }}

    group by scheme

    having not bool_and(is_attribute)

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
inner join schemes on profile_features.scheme = schemes.scheme
inner join rules on profile_features.feature = rules.feature
left join {{ ref('int_segment_traits') }} as own_features
    on
        profile_features.scheme = own_features.scheme
        and profile_features.segment_id = own_features.segment_id
        and profile_features.feature = own_features.feature

where
    profile_features.segment_id <> '0'
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
            count(own_features.feature) = rules.condition_count desc,
            rules.sort_order asc
    ) = 1
