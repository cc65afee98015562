-- Grain: one row per rule: its chance of being none, adjusted for all that were tested.

with

rules as (

    select * from {{ ref('int_itemset_splits') }}

    where is_confident

),

sizes as (

    select distinct
        basket_group,
        itemset_size,
        tested_count

    from {{ ref('ml_itemsets') }}

    where itemset_size <= {{ var('basket_max_rule_size') }}

),

-- Every candidate itemset was tested in every way to split it. Those that are no rule
-- are missing below, which can only make the adjusted p-values larger.
tested as (

    select
        basket_group,
        sum(tested_count * (power(2, itemset_size) - 2)) as test_count

    from sizes

    group by basket_group

),

ranked as (

    select
        rules.basket_group,
        rules.rule_number,
        p_values.p_value,
        tested.test_count,
        {{ p_value_rank('p_values.p_value', 'rules.basket_group') }} as rank_number

    from rules
    inner join {{ ref('ml_joint_p_values') }} as p_values
        on {{ same_counts('rules', 'p_values') }}
    inner join tested on rules.basket_group = tested.basket_group

)

select
    rule_number,
    p_value,
    {{ adjusted_p_value('basket_group') }} as adjusted_p_value

from ranked
