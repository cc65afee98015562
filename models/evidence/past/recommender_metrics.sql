-- Grain: one row per source, slot, list length and past date (null: all of them).

with

measures as (

    select * from {{ ref('int_recommender_measures') }}

)

select
    measures.source,
    measures.slot,

    measures.k::bigint as k,
    measures.n,
    round(measures.recall, 9) as recall,
    round(measures.precision_at_k, 9) as precision,
    round(measures.ndcg, 9) as ndcg,
    round(measures.average_precision, 9) as map,
    round(measures.hit_rate, 9) as hit_rate,
    round(measures.coverage, 9) as coverage,
    round(measures.novelty, 9) as novelty,

    measures.source in (
        'popularity', 'recent_popularity', 'personal_frequency'
    ) as is_baseline,
    choice.slot is not null as is_chosen,

    cutoffs.cutoff_date

from measures
left join {{ ref('int_recommendation_cutoffs') }} as cutoffs
    on measures.cutoff_number = cutoffs.cutoff_number
left join {{ ref('int_recommender_choice') }} as choice
    on
        measures.slot = choice.slot
        and measures.source = choice.source
