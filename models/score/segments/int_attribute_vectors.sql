-- Grain: one row per feature set with attributes, customer who has any attribute, and
-- date from which they are valid.

with

axes as (

    select * from {{ ref('int_segment_axes') }}

    where is_attribute

),

attribute_values as (

    select * from {{ ref('int_attribute_features') }}

),

attribute_customers as (

    select distinct
        customer_id,
        valid_from,
        valid_to

    from attribute_values

)

select
    axes.feature_set,
    attribute_customers.customer_id,
    attribute_customers.valid_from,
    attribute_customers.valid_to,
    array_agg(
        (coalesce(attribute_values.feature_value, axes.mean_value) - axes.origin)
        / axes.unit
        order by axes.position
    ) as vector

from axes
cross join attribute_customers
left join attribute_values
    on
        axes.feature = attribute_values.feature
        and attribute_customers.customer_id = attribute_values.customer_id
        and attribute_customers.valid_from
        is not distinct from attribute_values.valid_from

group by
    axes.feature_set,
    attribute_customers.customer_id,
    attribute_customers.valid_from,
    attribute_customers.valid_to
