-- Grain: one row per customer and attribute: what is known as of now.

select
    attributes.customer_id,
    attributes.attribute_name,
    attributes.value_text,

    attributes.value_number,

    attributes.valid_from

from {{ ref('stg_customer_attributes') }} as attributes

where {{ valid_at('attributes', as_of_date()) }}
