-- Grain: one row per different set of counts that a rule or its reverse has.

select distinct
    all_count,
    least(antecedent_count, consequent_count) as first_count,
    greatest(antecedent_count, consequent_count) as second_count,
    joint_count

from {{ ref('int_rule_counts') }}
