-- Grain: one row per customer, attribute and date from which the value is valid; given
-- outcomes are none.

with

customer_attributes as (

    select * from {{ input_table('customer_attributes') }}

)

select
    customer_id,
    attribute_name,
    value_text,
    value_number,
    valid_from,
    valid_to

from customer_attributes

where not {{ is_label('attribute_name') }}
