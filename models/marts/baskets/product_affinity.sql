-- Grain: one row per pair of products that enough baskets hold, the lower id first.

with

pairs as (

    select
        pair_counts.*,
        p_values.p_value

    from {{ ref('int_pair_counts') }} as pair_counts
    inner join {{ ref('ml_joint_p_values') }} as p_values
        on
            pair_counts.all_count = p_values.all_count
            and least(pair_counts.first_count, pair_counts.second_count)
            = p_values.first_count
            and greatest(pair_counts.first_count, pair_counts.second_count)
            = p_values.second_count
            and pair_counts.joint_count = p_values.joint_count

),

-- All pairs of frequent products were tested.
tested as (

    select max(tested_count) as test_count

    from {{ ref('ml_itemsets') }}

    where
        basket_group = 'all'
        and itemset_size = 2

),

ranked as (

    select
        pairs.*,
        tested.test_count,
        pairs.joint_count * 1.0
        / (pairs.first_count + pairs.second_count - pairs.joint_count) as jaccard,
        pairs.joint_count * 1.0 * pairs.all_count
        / (pairs.first_count * pairs.second_count) as lift,
        count(*) over (
            order by pairs.p_value
            range between unbounded preceding and current row
        ) as rank_number

    from pairs
    cross join tested

),

adjusted as (

    select
        *,
        least(
            1.0,
            min(p_value * test_count / rank_number) over (
                order by p_value desc
                range between unbounded preceding and current row
            )
        ) as adjusted_p_value

    from ranked

),

judged as (

    select
        *,
        adjusted_p_value <= {{ var('basket_false_discovery_rate') }}
        and lift > 1 as is_significant

    from adjusted

),

-- A product's strongest links, seen from either side.
strengths as (

    select
        *,
        row_number() over (
            partition by is_significant, first_item
            order by jaccard desc, second_item asc
        ) as first_rank,
        row_number() over (
            partition by is_significant, second_item
            order by jaccard desc, first_item asc
        ) as second_rank

    from judged

)

select
    firsts.product_id as product_id_a,
    seconds.product_id as product_id_b,

    firsts.product_name as product_a,
    seconds.product_name as product_b,

    strengths.joint_count as co_order_count,
    strengths.first_count as order_count_a,
    strengths.second_count as order_count_b,
    round(strengths.joint_count * 1.0 / strengths.first_count, 9) as confidence_a_to_b,
    round(strengths.joint_count * 1.0 / strengths.second_count, 9) as confidence_b_to_a,
    round(strengths.lift, 9) as lift,
    round(strengths.jaccard, 9) as jaccard,
    strengths.p_value,
    strengths.adjusted_p_value,

    strengths.is_significant,
    strengths.is_significant
    and least(strengths.first_rank, strengths.second_rank)
    <= {{ var('network_links_per_node') }} as is_in_network

from strengths
inner join {{ ref('int_basket_products') }} as firsts
    on strengths.first_item = firsts.item_number
inner join {{ ref('int_basket_products') }} as seconds
    on strengths.second_item = seconds.item_number
