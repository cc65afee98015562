-- Grain: one row per rule that cross-selling works through: significant, not redundant,
-- one consequent, over all baskets; those with the most expected extra money over all
-- their baskets.

select
    rule_id,
    consequent_id as product_id,
    antecedent,
    antecedent_size,
    confidence,
    confidence_low,
    expected_extra_amount

from {{ ref('association_rules') }}

where
    basket_group = 'all'
    and consequent_size = 1
    and is_significant
    and not is_redundant

qualify
    row_number() over (
        order by expected_extra_amount * antecedent_basket_count desc, rule_id asc
    ) <= {{ var('cross_sell_rule_count') }}
