-- Grain: one row per scheme, segment and feature of the scheme's own set: how the
-- segment differs in it from everyone.

with

profile_features as (

    select * from {{ ref('segment_profile_features') }}

),

schemes as (

    select
        feature_set,
        feature_set || '_' || algorithm as scheme

    from {{ ref('cluster_selection') }}

    where is_best_of_algorithm

)

select
    profile_features.scheme,
    profile_features.segment_id,
    profile_features.feature,
    {{ feature_words('profile_features.feature', 'profile_features.deviation',
        'high ', 'low ') }} as trait,
    profile_features.deviation,
    axes.is_attribute

from profile_features
inner join schemes on profile_features.scheme = schemes.scheme
inner join {{ ref('int_segment_axes') }} as axes
    on
        schemes.feature_set = axes.feature_set
        and profile_features.feature = axes.feature
