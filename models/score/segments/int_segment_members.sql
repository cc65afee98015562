-- Grain: one row per served solution, snapshot date and customer.
-- A view: the labels are kept already, and the history too.

{{ config(materialized='view') }}

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

assignments as (

    select * from {{ ref('int_segment_assignments_due') }}

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
    assignments.feature_set,
    assignments.algorithm,
    assignments.feature_set || '_' || assignments.algorithm as scheme,
    -- Noise has no cluster, and so no segment of its own.
    coalesce(segments.segment_id, 0)::string as segment_id,
    labels.membership_probability,
    assignments.snapshot_date is null as is_as_of_date,
    coalesce(assignments.snapshot_date, clock.as_of_date) as snapshot_date

from {{ ref('ml_segment_labels') }} as labels
cross join clock
inner join assignments on labels.assignment_number = assignments.assignment_number
inner join {{ ref('int_segment_customers') }} as customers
    on labels.customer_number = customers.customer_number
left join segments
    on
        assignments.feature_set = segments.feature_set
        and assignments.algorithm = segments.algorithm
        and labels.label = segments.label
