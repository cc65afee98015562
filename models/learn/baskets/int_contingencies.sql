-- Grain: one row per different set of counts that a rule, its reverse or a pair has.

select
    all_count,
    least(antecedent_count, consequent_count) as first_count,
    greatest(antecedent_count, consequent_count) as second_count,
    joint_count

from {{ ref('int_rule_counts') }}

union

select
    all_count,
    least(first_count, second_count) as first_count,
    greatest(first_count, second_count) as second_count,
    joint_count

from {{ ref('int_pair_counts') }}
