-- Grain: one row per date, slot, customer and rank of the served source's lists: those
-- of past dates with what came true, those of the as-of date (number 0) without.

{{ config(materialized='view') }}

with

lists as (

    select
        cutoff_number,
        source,
        slot,
        customer_number,
        rank,
        product_number,
        score

    from {{ ref('ml_recommender_lists') }}

    union all

    select
        0 as cutoff_number,
        model as source,
        slot,
        customer_number,
        rank,
        product_number,
        score

    from {{ ref('ml_recommendations') }}

)

select
    lists.cutoff_number,
    cutoffs.days_ago,
    lists.source,
    lists.slot,
    lists.customer_number,
    lists.rank,
    -- Scores of single sources grow with the log; their ranks do not.
    case
        when lists.source = 'hybrid' then lists.score else -lists.rank
    end::double as strength,
    case
        when lists.cutoff_number > 0 then targets.product_number is not null
    end as is_hit

from lists
inner join {{ ref('int_recommendation_cutoffs') }} as cutoffs
    on lists.cutoff_number = cutoffs.cutoff_number
inner join {{ ref('int_recommender_choice') }} as choice
    on
        lists.slot = choice.slot
        and lists.source = choice.source
left join {{ ref('int_recommendation_targets') }} as targets
    on
        lists.cutoff_number = targets.cutoff_number
        and lists.customer_number = targets.customer_number
        and lists.product_number = targets.product_number
