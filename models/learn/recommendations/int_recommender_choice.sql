-- Grain: one row per slot: the source that is served, and why.

with

slots as (

    select
        'repeat' as slot,
        'personal_decay' as fallback

    union all

    select
        'discovery' as slot,
        'recent_popularity' as fallback

),

measures as (

    select * from {{ ref('int_recommender_measures') }}

    where
        cutoff_number is null
        and k = {{ var('recommendation_judged_lengths') | max }}

),

-- What was not judged at every date is not compared.
candidates as (

    select
        *,
        round(ndcg, 9) as rounded_ndcg

    from measures

    where n >= {{ var('recommendation_min_customers') }}

    qualify
        cutoff_count = max(cutoff_count) over (partition by slot)

),

best as (

    select *

    from candidates

    qualify
        row_number() over (
            partition by slot
            order by rounded_ndcg desc, source asc
        ) = 1

)

select
    slots.slot,
    coalesce(best.source, slots.fallback) as source,
    case
        when best.source is null
            then
                'not enough data: needs {{ var("recommendation_min_customers") }} '
                || 'customers who came back, has '
                || coalesce(
                    (
                        select max(measures.n)
                        from measures
                        where measures.slot = slots.slot
                    ), 0
                )::string
        else
            'best NDCG over ' || best.cutoff_count::string || ' dates'
    end as status,
    best.ndcg

from slots
left join best on slots.slot = best.slot
