-- Grain: one row per scheme and segment: the features that set it apart most, with its
-- mean beside everyone's.

with

strongest as (

    select *

    from {{ ref('segment_profile_features') }}

    qualify
        row_number() over (
            partition by scheme, segment_id
            order by abs(deviation) desc, feature asc
        ) <= 5

)

select
    scheme,
    segment_id,
    string_agg(
        replace(replace(feature, 'attribute.', ''), '_', ' ')
        || ' ' || round(mean_value, 2)::string
        || ' (all ' || round(all_mean_value, 2)::string || ')', '; '
        order by abs(deviation) desc, feature asc
    ) as traits

from strongest

group by
    scheme,
    segment_id
