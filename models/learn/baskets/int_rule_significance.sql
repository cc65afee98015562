-- Grain: one row per rule: its chance of being none, adjusted for all that were tested.

with

rule_counts as (

    select * from {{ ref('int_rule_counts') }}

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
        rule_counts.basket_group,
        rule_counts.rule_number,
        p_values.p_value,
        tested.test_count,
        count(*) over (
            partition by rule_counts.basket_group
            order by p_values.p_value
            range between unbounded preceding and current row
        ) as rank_number

    from rule_counts
    inner join {{ ref('ml_joint_p_values') }} as p_values
        on
            rule_counts.all_count = p_values.all_count
            and least(rule_counts.antecedent_count, rule_counts.consequent_count)
            = p_values.first_count
            and greatest(rule_counts.antecedent_count, rule_counts.consequent_count)
            = p_values.second_count
            and rule_counts.joint_count = p_values.joint_count
    inner join tested on rule_counts.basket_group = tested.basket_group

)

-- Benjamini and Hochberg (1995).
select
    rule_number,
    p_value,
    least(
        1.0,
        min(p_value * test_count / rank_number) over (
            partition by basket_group
            order by p_value desc
            range between unbounded preceding and current row
        )
    ) as adjusted_p_value

from ranked
