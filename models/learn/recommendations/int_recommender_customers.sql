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

-- Who bought something in a slot, and how much.
truth as (

    {% for slot, condition in [
        ('total', 'true'), ('repeat', 'is_repeat'), ('discovery', 'not is_repeat')
    ] %}
    select
        cutoff_number,
        '{{ slot }}' as slot,
        customer_number,
        count(*) as target_count

    from {{ ref('int_recommendation_targets') }}

    where {{ condition }}

    group by
        cutoff_number,
        customer_number
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

hits as (

    select
        lists.*,
        row_number() over (
            partition by
                lists.cutoff_number, lists.source, lists.slot, lists.customer_number
            order by lists.rank
        ) as hit_number

    from {{ ref('ml_recommender_lists') }} as lists
    inner join {{ ref('int_recommendation_targets') }} as targets
        on
            lists.cutoff_number = targets.cutoff_number
            and lists.customer_number = targets.customer_number
            and lists.product_number = targets.product_number

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
    count(hits.rank) as hit_count,
    count(hits.rank) * 1.0 / truth.target_count as recall,
    count(hits.rank) * 1.0 / lengths.k as precision_at_k,
    coalesce(sum(ln(2) / ln(hits.rank + 1)), 0) / ideal_gains.ideal_gain as ndcg,
    coalesce(sum(hits.hit_number * 1.0 / hits.rank), 0) / ideal_gains.possible_count
        as average_precision

from runs
inner join truth
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
        and lengths.k >= hits.rank

group by
    runs.cutoff_number,
    runs.source,
    runs.slot,
    lengths.k,
    truth.customer_number,
    truth.target_count,
    ideal_gains.ideal_gain,
    ideal_gains.possible_count
