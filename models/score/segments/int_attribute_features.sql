-- Grain: one row per customer, feature made of an attribute that is known, and date
-- from which it is valid: the number itself, or 0 and 1 for each of the most frequent
-- texts.

with

attributes as (

    select * from {{ ref('stg_customer_attributes') }}

),

text_attributes as (

    select
        customer_id,
        attribute_name,
        value_text,
        valid_from,
        valid_to

    from attributes

    where
        value_number is null
        and value_text is not null

),

frequent_values as (

    select
        attribute_name,
        value_text,
        count(*) over (partition by attribute_name) as value_count

    from (
        select
            attribute_name,
            value_text

        from text_attributes

        group by
            attribute_name,
            value_text

        qualify
            row_number() over (
                partition by attribute_name
                order by count(*) desc, value_text asc
            ) <= {{ var('segment_attribute_values') }}
    ) as ranked_values

)

select
    customer_id,
    'attribute.' || attribute_name as feature,
    attribute_name,
    value_number as feature_value,
    1 as value_count,
    valid_from,
    valid_to

from attributes

where value_number is not null

union all

select
    text_attributes.customer_id,
    'attribute.' || text_attributes.attribute_name || '=' || frequent_values.value_text
        as feature,
    text_attributes.attribute_name,
    case when text_attributes.value_text = frequent_values.value_text then 1 else 0 end
        as feature_value,
    frequent_values.value_count,
    text_attributes.valid_from,
    text_attributes.valid_to

from text_attributes
inner join frequent_values
    on text_attributes.attribute_name = frequent_values.attribute_name
