-- Grain: one row per scheme and segment: its name, unique within the scheme.

with

traits as (

    select * from {{ ref('int_segment_traits') }}

),

-- Two groups that a rule gives the same name differ in something: in what most?
namesakes as (

    select
        *,
        count(*) over (partition by scheme, base_name) as namesake_count

    from {{ ref('int_segment_base_names') }}

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
        {{ feature_words('feature', 'difference', 'higher ', 'lower ') }}
            as distinction

    from distinctions

    where round(difference, 9) <> 0

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

select
    'rfm' as scheme,
    min(sort_order)::string as segment_id,
    rfm_segment as base_name,
    rfm_segment as segment_name

from {{ ref('rfm_segments') }}

group by rfm_segment
