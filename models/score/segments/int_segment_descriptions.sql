-- Grain: one row per scheme and segment: what it is in words, and what to do about it.

with

names as (

    select * from {{ ref('int_segment_names') }}

),

playbook as (

    select * from {{ ref('playbook') }}

),

profile_features as (

    select * from {{ ref('segment_profile_features') }}

),

own_features as (

    select * from {{ ref('int_segment_traits') }}

),

habits as (

    select
        scheme,
        segment_id,
        max(case when feature = 'order_count' then median_value end) as order_count,
        max(case when feature = 'net_amount' then median_value end) as net_amount,
        max(case when feature = 'recency_days' then median_value end) as recency_days

    from profile_features

    group by
        scheme,
        segment_id

),

-- Numbers among the customer attributes that the scheme compares.
attributes as (

    select
        profile_features.scheme,
        profile_features.segment_id,
        string_agg(
            replace(replace(profile_features.feature, 'attribute.', ''), '_', ' ')
            || ' ' || round(profile_features.median_value)::bigint::string, ', '
            order by profile_features.feature asc
        ) as typical_attributes

    from profile_features
    inner join own_features
        on
            profile_features.scheme = own_features.scheme
            and profile_features.segment_id = own_features.segment_id
            and profile_features.feature = own_features.feature

    where
        own_features.is_attribute
        and profile_features.feature not like '%=%'

    group by
        profile_features.scheme,
        profile_features.segment_id

)

select
    names.scheme,
    names.segment_id,
    names.segment_name,
    coalesce(own_playbook.persona, any_playbook.persona)
    || coalesce(
        ': typically ' || {{ counted('round(habits.order_count)::bigint', 'order') }}
        || case
            when habits.net_amount <> 0
                then
                    ' worth ' || round(habits.net_amount)::bigint::string
                    || ' {{ var("currency") }} in all'
            else ''
        end
        || ', the last '
        || {{ counted('round(habits.recency_days)::bigint', 'day') }} || ' ago', ''
    )
    || coalesce('; ' || attributes.typical_attributes, '')
    || '.' as persona,
    coalesce(own_playbook.recommended_action, any_playbook.recommended_action)
        as recommended_action,
    coalesce(own_playbook.channel_hint, any_playbook.channel_hint) as channel_hint

from names
left join playbook as own_playbook on names.base_name = own_playbook.segment_name
inner join playbook as any_playbook on any_playbook.segment_name = '*'
left join habits
    on
        names.scheme = habits.scheme
        and names.segment_id = habits.segment_id
left join attributes
    on
        names.scheme = attributes.scheme
        and names.segment_id = attributes.segment_id
