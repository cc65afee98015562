-- Grain: one row per customer and attribute.

select
    customer_id,
    attribute_name,
    value_text,

    value_number

from {{ ref('stg_customer_attributes') }}
