-- Grain: one row per outcome that can be predicted, class of it, and customer of whom
-- it is given. What no class of enough customers is, is not learned from.

with

targets as (

    select * from {{ ref('int_label_targets') }}

    where missing is null

),

customers as (

    select * from {{ ref('int_label_customers') }}

),

labels as (

    select
        labels.target,
        targets.kind,
        targets.positive_value,
        customers.customer_id,
        customers.label_row,
        labels.value_text,
        labels.value_number,
        row_number() over (
            partition by labels.target order by customers.draw_number
        ) <= {{ var('label_sample_customers') }} as is_sampled,
        count(*) over (partition by labels.target, labels.value_text) as class_size

    from {{ ref('stg_customer_labels') }} as labels
    inner join targets on labels.target = targets.target
    inner join customers on labels.customer_id = customers.customer_id

),

classes as (

    select distinct
        target,
        value_text as class_name

    from labels

    where
        kind = 'multiclass'
        and class_size >= {{ var('prediction_min_class_rows') }}

)

select
    labels.target,
    labels.kind,
    coalesce(classes.class_name, '') as class_name,
    labels.target || coalesce('=' || classes.class_name, '') as class_target,
    labels.customer_id,
    labels.label_row,
    labels.value_text,
    case
        when labels.kind = 'amount' then labels.value_number
        when labels.kind = 'binary'
            then (labels.value_text = labels.positive_value)::int::double
        else (labels.value_text = classes.class_name)::int::double
    end as outcome,
    labels.is_sampled

from labels
left join classes on labels.target = classes.target

where
    labels.kind <> 'multiclass'
    or labels.class_size >= {{ var('prediction_min_class_rows') }}
