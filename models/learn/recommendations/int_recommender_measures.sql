-- Grain: one row per source, slot, list length and past date (null: all of them).

with

by_date as (

    select
        cutoff_number,
        source,
        slot,
        k,
        count(*) as n,
        avg(recall::decimal(38, 12)) as recall,
        avg(precision_at_k::decimal(38, 12)) as precision_at_k,
        avg(ndcg::decimal(38, 12)) as ndcg,
        avg(average_precision::decimal(38, 12)) as average_precision,
        avg((hit_count > 0)::int) as hit_rate

    from {{ ref('int_recommender_customers') }}

    group by
        cutoff_number,
        source,
        slot,
        k

),

measures as (

    select
        by_date.*,
        spread.coverage,
        spread.novelty

    from by_date
    inner join {{ ref('int_recommender_spread') }} as spread
        on
            by_date.cutoff_number = spread.cutoff_number
            and by_date.source = spread.source
            and by_date.slot = spread.slot
            and by_date.k = spread.k

)

select
    cutoff_number,
    source,
    slot,
    k,
    n,
    1 as cutoff_count,
    recall,
    precision_at_k,
    ndcg,
    average_precision,
    hit_rate,
    coverage,
    novelty

from measures

union all

-- Every date counts by the customers judged at it.
select
    null as cutoff_number,
    source,
    slot,
    k,
    sum(n)::bigint as n,
    count(*) as cutoff_count,
    sum((n * recall)::decimal(38, 12))::double / sum(n) as recall,
    sum((n * precision_at_k)::decimal(38, 12))::double / sum(n) as precision_at_k,
    sum((n * ndcg)::decimal(38, 12))::double / sum(n) as ndcg,
    sum((n * average_precision)::decimal(38, 12))::double / sum(n) as average_precision,
    sum((n * hit_rate)::decimal(38, 12))::double / sum(n) as hit_rate,
    sum((n * coverage)::decimal(38, 12))::double / sum(n) as coverage,
    sum((n * novelty)::decimal(38, 12))::double / sum(n) as novelty

from measures

group by
    source,
    slot,
    k
