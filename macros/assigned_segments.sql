{#-
    The segment of every customer by the solutions and at the dates that are due.

    condition  which of int_segment_assignments_due, by their columns
-#}
{% macro assigned_segments(condition) -%}
    select
        customers.customer_id,
        due.feature_set || '_' || due.algorithm as scheme,
        -- Noise has no cluster, and so no segment of its own.
        coalesce(segments.segment_id, 0)::string as segment_id,
        due.feature_set,
        due.algorithm,
        labels.membership_probability,
        due.is_chosen,
        coalesce(due.snapshot_date, {{ as_of_date() }}) as snapshot_date

    from {{ ref('ml_segment_labels') }} as labels
    inner join {{ ref('int_segment_assignments_due') }} as due
        on labels.assignment_number = due.assignment_number
    inner join {{ ref('int_segment_customers') }} as customers
        on labels.customer_number = customers.customer_number
    left join (
        select distinct
            feature_set,
            algorithm,
            segment_id,
            label

        from {{ ref('ml_segment_ids') }}

        where label is not null
    ) as segments
        on
            due.feature_set = segments.feature_set
            and due.algorithm = segments.algorithm
            and labels.label = segments.label

    where {{ condition }}
{%- endmacro %}
