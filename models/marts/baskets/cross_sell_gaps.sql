-- Grain: one row per customer and rule whose antecedent the customer bought and whose
-- consequent never; of several rules to the same product the surest.

with

customer_products as (

    select
        customers.customer_id,
        products.product_id

    from {{ ref('int_recommendation_habits') }} as habits
    inner join {{ ref('int_recommendation_customers') }} as customers
        on habits.customer_number = customers.customer_number
    inner join {{ ref('int_basket_products') }} as products
        on habits.product_number = products.product_number

),

-- The rules with the most expected extra money over all their baskets.
rules as (

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

),

matches as (

    select
        customer_products.customer_id,
        items.rule_id,
        count(*) as product_count

    from customer_products
    inner join {{ ref('association_rule_items') }} as items
        on customer_products.product_id = items.product_id
    inner join rules on items.rule_id = rules.rule_id

    where
        items.basket_group = 'all'
        and items.side = 'antecedent'

    group by
        customer_products.customer_id,
        items.rule_id

),

gaps as (

    select
        matches.customer_id,
        rules.*

    from matches
    inner join rules on matches.rule_id = rules.rule_id
    left join customer_products
        on
            matches.customer_id = customer_products.customer_id
            and rules.product_id = customer_products.product_id

    where
        matches.product_count = rules.antecedent_size
        and customer_products.product_id is null

    -- Of several rules to the same product the surest.
    qualify
        row_number() over (
            partition by matches.customer_id, rules.product_id
            order by rules.confidence_low desc, rules.rule_id asc
        ) = 1

)

select
    gaps.customer_id,
    gaps.product_id,
    gaps.rule_id,

    gaps.antecedent,
    products.product_name as product,

    row_number() over (
        partition by gaps.customer_id
        order by gaps.expected_extra_amount desc, gaps.product_id asc
    ) as gap_rank,
    gaps.confidence,
    gaps.confidence_low,
    gaps.expected_extra_amount

from gaps
inner join {{ ref('int_basket_products') }} as products
    on gaps.product_id = products.product_id

qualify gap_rank <= {{ var('cross_sell_gap_count') }}
