-- Grain: one row per scheme and segment: what sets it apart, and what is typical of it,
-- in words.

{# Two traits, if both are true of enough of the members at once; else the stronger. #}
{% set main_trait = 'is_trait and trait_rank <= 2 and lacking_share <= 1 - '
    ~ var('segment_name_min_share') %}

with

compared_features as (

    select distinct
        scheme,
        feature

    from {{ ref('int_segment_centres') }}

),

features as (

    select
        profile_features.*,
        {{ feature_name('profile_features.feature') }} as feature_name,
        compared_features.feature like 'attribute.%'
        and compared_features.feature not like '%=%' as is_compared_number,
        compared_features.feature is not null
        and profile_features.segment_id <> '0'
        and abs(profile_features.deviation) >= 0.4
        and profile_features.same_side_share >= {{ var('segment_name_min_share') }}
        -- Who has one value of a text does not have the others.
        and (profile_features.deviation > 0 or profile_features.feature not like '%=%')
            as is_trait

    from {{ ref('segment_profile_features') }} as profile_features
    left join compared_features
        on
            profile_features.scheme = compared_features.scheme
            and profile_features.feature = compared_features.feature

),

-- By the strongest deviation first, traits among themselves.
ranked as (

    select
        *,
        row_number() over (
            partition by scheme, segment_id
            order by abs(deviation) desc, feature asc
        ) as highlight_rank,
        row_number() over (
            partition by scheme, segment_id, is_trait
            order by abs(deviation) desc, feature asc
        ) as trait_rank,
        -- Members of whom this trait or a stronger one is not true, at most.
        sum(1 - same_side_share) over (
            partition by scheme, segment_id, is_trait
            order by abs(deviation) desc, feature asc
            rows between unbounded preceding and current row
        ) as lacking_share

    from features

),

segments as (

    select
        scheme,
        segment_id,
        string_agg(
            {{ feature_words('feature', 'deviation', 'high ', 'low ') }}, ', '
            order by trait_rank
        ) filter (where {{ main_trait }}) as main_traits,
        1 - max(lacking_share) filter (where {{ main_trait }}) as traits_share,
        string_agg(
            feature_name || ' ' || round(mean_value, 2)::string
            || ' (all ' || round(all_mean_value, 2)::string || ')', '; '
            order by highlight_rank
        ) filter (where highlight_rank <= 5) as traits,
        string_agg(
            feature_name || ' ' || round(median_value)::bigint::string, ', '
            order by feature
        ) filter (where is_compared_number) as typical_attributes,
        {% for feature in ['order_count', 'net_amount', 'recency_days'] %}
        round(max(case when feature = '{{ feature }}' then median_value end))::bigint
            as {{ feature }},
        {% endfor %}
        max(case when feature = 'net_amount' then median_value end) <> 0 as has_amount

    from ranked

    group by
        scheme,
        segment_id

)

select
    scheme,
    segment_id,
    main_traits,
    traits_share,
    traits,
    coalesce(
        ': typically ' || {{ counted('order_count', 'order') }}
        || case
            when has_amount
                then
                    ' worth ' || net_amount::string
                    || ' {{ var("currency") }} in all'
            else ''
        end
        || ', the last ' || {{ counted('recency_days', 'day') }} || ' ago', ''
    ) || coalesce('; ' || typical_attributes, '') as typical

from segments
