-- Grain: one row per pair of products that enough baskets hold, the lower id first.

with

pairs as (

    select
        firsts.itemset_id as product_id_a,
        seconds.itemset_id as product_id_b,
        firsts.itemset as product_a,
        seconds.itemset as product_b,
        splits.joint_count,
        splits.antecedent_count as count_a,
        splits.consequent_count as count_b,
        splits.joint_count * 1.0
        / (splits.antecedent_count + splits.consequent_count - splits.joint_count)
            as jaccard,
        splits.joint_count * 1.0 * splits.all_count
        / (splits.antecedent_count * splits.consequent_count) as lift,
        p_values.p_value

    from {{ ref('int_itemset_splits') }} as splits
    inner join {{ ref('int_itemsets') }} as firsts
        on
            splits.basket_group = firsts.basket_group
            and splits.antecedent_number = firsts.itemset_number
    inner join {{ ref('int_itemsets') }} as seconds
        on
            splits.basket_group = seconds.basket_group
            and splits.consequent_number = seconds.itemset_number
            -- Of both ways around the one.
            and firsts.item_1 < seconds.item_1
    inner join {{ ref('ml_joint_p_values') }} as p_values
        on {{ same_counts('splits', 'p_values') }}

    where
        splits.basket_group = 'all'
        and splits.itemset_size = 2

),

-- All pairs of frequent products were tested.
ranked as (

    select
        pairs.*,
        (
            select max(itemsets.tested_count) from {{ ref('ml_itemsets') }} as itemsets
            where
                itemsets.basket_group = 'all'
                and itemsets.itemset_size = 2
        ) as test_count,
        {{ p_value_rank('pairs.p_value') }} as rank_number

    from pairs

),

adjusted as (

    select
        *,
        {{ adjusted_p_value() }} as adjusted_p_value

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
            partition by is_significant, product_id_a
            order by jaccard desc, product_id_b asc
        ) as rank_a,
        row_number() over (
            partition by is_significant, product_id_b
            order by jaccard desc, product_id_a asc
        ) as rank_b

    from judged

)

select
    product_id_a,
    product_id_b,

    product_a,
    product_b,

    joint_count as co_order_count,
    count_a as order_count_a,
    count_b as order_count_b,
    round(joint_count * 1.0 / count_a, 9) as confidence_a_to_b,
    round(joint_count * 1.0 / count_b, 9) as confidence_b_to_a,
    round(lift, 9) as lift,
    round(jaccard, 9) as jaccard,
    p_value,
    adjusted_p_value,

    is_significant,
    is_significant
    and least(rank_a, rank_b) <= {{ var('network_links_per_node') }} as is_in_network

from strengths
