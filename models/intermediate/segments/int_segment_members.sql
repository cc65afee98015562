-- Grain: one row per served solution, snapshot date and customer.
-- A view: the labels are kept already, and the history too.

{{ config(materialized='view') }}

{{ config(materialized='view') }}

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

labels as (

    select * from {{ ref('ml_segment_labels') }}

),

segments as (

    select distinct
        feature_set,
        algorithm,
        segment_id,
        label

    from {{ ref('ml_segment_ids') }}

    where label is not null

)

select
    customers.customer_id,
    labels.feature_set,
    labels.algorithm,
    labels.feature_set || '_' || labels.algorithm as scheme,
    -- Noise has no cluster, and so no segment of its own.
    coalesce(segments.segment_id, 0)::string as segment_id,
    labels.membership_probability,
    labels.is_as_of_date,
    coalesce(labels.snapshot_date, clock.as_of_date) as snapshot_date

from labels
cross join clock
inner join {{ ref('int_segment_customers') }} as customers
    on labels.customer_number = customers.customer_number
left join segments
    on
        labels.feature_set = segments.feature_set
        and labels.algorithm = segments.algorithm
        and labels.label = segments.label
