-- Grain: one row per basket group and order with a product before the learning date,
-- guests' orders included.

{% set grouping = var('basket_grouping') %}
{% if grouping not in ['none', 'country', 'rfm_segment'] %}
    {{ exceptions.raise_compiler_error(
        "basket_grouping: '" ~ grouping ~ "' is not one of none, country, rfm_segment"
    ) }}
{% endif %}

with

-- What was ordered together, whatever came back later: the past does not change.
baskets as (

    select
        orders.order_id,
        orders.customer_id,
        orders.country,
        orders.ordered_date,
        row_number() over (order by orders.ordered_at, orders.order_id) - 1
            as basket_number,
        -- The hold-out period has number 0, the time as long before it 1.
        floor(
            ({{ dbt.datediff(
                'orders.ordered_date', 'clock.learning_date', 'day'
            ) }} - 1) / {{ var('basket_holdout_days') }}.0
        )::int as period_number

    from {{ ref('int_orders') }} as orders
    cross join {{ ref('int_as_of_date') }} as clock

    -- A basket of hundreds of products holds nearly every pair and says of none that
    -- it belongs together: a reseller's or a marketplace's order, booked as one.
    where
        orders.product_count between 1 and {{ var('basket_max_products') }}
        and orders.ordered_date < clock.learning_date

)

select
    'all' as basket_group,
    *

from baskets

{% if grouping == 'country' %}
union all

select
    country as basket_group,
    *

from baskets

where country is not null
{% elif grouping == 'rfm_segment' %}
union all

select
    customer_rfm.rfm_segment as basket_group,
    baskets.*

from baskets
inner join {{ ref('customer_rfm') }} as customer_rfm
    on baskets.customer_id = customer_rfm.customer_id
{% endif %}
