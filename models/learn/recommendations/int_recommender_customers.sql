-- Grain: one row per past date, source, slot, list length and customer to be judged by:
-- how good the list is for that one customer.

with

lengths as (

    {% for k in var('recommendation_judged_lengths') %}
    select {{ k }} as k
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

runs as (

    select distinct
        cutoff_number,
        source,
        slot

    from {{ ref('ml_recommender_lists') }}

),

hits as (

    select
        hits.cutoff_number,
        hits.source,
        hits.slot,
        hits.customer_number,
        lengths.k,
        count(*) as hit_count,
        sum(ln(2) / ln(hits.hit_rank + 1)) as discounted_gain,
        sum(hits.hit_number * 1.0 / hits.hit_rank) as precision_sum

    from {{ ref('int_recommender_hits') }} as hits
    inner join lengths on hits.hit_rank <= lengths.k

    group by
        hits.cutoff_number,
        hits.source,
        hits.slot,
        hits.customer_number,
        lengths.k

),

-- The gain of a list in which everything comes true, by how much could.
ideal_gains as (

    {% for count in range(1, var('recommendation_judged_lengths') | max + 1) %}
    select
        {{ count }} as possible_count,
        {% for rank in range(1, count + 1) -%}
        ln(2) / ln({{ rank + 1 }}){{ ' + ' if not loop.last }}
        {%- endfor %} as ideal_gain
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    runs.cutoff_number,
    runs.source,
    runs.slot,
    lengths.k,
    truth.customer_number,
    coalesce(hits.hit_count, 0) as hit_count,
    coalesce(hits.hit_count, 0) * 1.0 / truth.target_count as recall,
    coalesce(hits.hit_count, 0) * 1.0 / lengths.k as precision_at_k,
    coalesce(hits.discounted_gain, 0) / ideal_gains.ideal_gain as ndcg,
    coalesce(hits.precision_sum, 0) / ideal_gains.possible_count as average_precision

from runs
inner join {{ ref('int_recommender_truth') }} as truth
    on
        runs.cutoff_number = truth.cutoff_number
        and runs.slot = truth.slot
cross join lengths
inner join ideal_gains
    on ideal_gains.possible_count = least(truth.target_count, lengths.k)
left join hits
    on
        runs.cutoff_number = hits.cutoff_number
        and runs.source = hits.source
        and runs.slot = hits.slot
        and truth.customer_number = hits.customer_number
        and lengths.k = hits.k
