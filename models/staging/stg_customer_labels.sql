-- Grain: one row per customer and given outcome (var customer_labels): the last that is
-- known.

with

customer_attributes as (

    select * from {{ input_table('customer_attributes') }}

)

select
    customer_id,
    attribute_name as target,
    value_text,
    value_number

from customer_attributes

where
    {{ is_label('attribute_name') }}
    and valid_to is null
