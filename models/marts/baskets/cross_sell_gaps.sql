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

rules as (

    select * from {{ ref('int_cross_sell_rules') }}

),

antecedents as (

    select
        rules.rule_id,
        items.product_id

    from rules
    inner join {{ ref('association_rule_items') }} as items
        on rules.rule_id = items.rule_id

    where
        items.basket_group = 'all'
        and items.side = 'antecedent'

),

matches as (

    select
        customer_products.customer_id,
        antecedents.rule_id,
        count(*) as product_count

    from customer_products
    inner join antecedents on customer_products.product_id = antecedents.product_id

    group by
        customer_products.customer_id,
        antecedents.rule_id

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

),

-- Of several rules to the same product the surest.
best_rules as (

    select *

    from gaps

    qualify
        row_number() over (
            partition by customer_id, product_id
            order by confidence_low desc, rule_id asc
        ) = 1

)

select
    best_rules.customer_id,
    best_rules.product_id,
    best_rules.rule_id,

    best_rules.antecedent,
    products.product_name as product,

    row_number() over (
        partition by best_rules.customer_id
        order by best_rules.expected_extra_amount desc, best_rules.product_id asc
    ) as gap_rank,
    best_rules.confidence,
    best_rules.confidence_low,
    best_rules.expected_extra_amount

from best_rules
inner join {{ ref('int_basket_products') }} as products
    on best_rules.product_id = products.product_id

qualify
    row_number() over (
        partition by best_rules.customer_id
        order by best_rules.expected_extra_amount desc, best_rules.product_id asc
    ) <= {{ var('cross_sell_gap_count') }}
