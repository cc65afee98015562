-- Grain: one row per solution, cluster and sampled customer; noise left out.

with

labels as (

    select * from {{ ref('ml_cluster_labels') }}

    where
        run = 'fit'
        and label >= 0

),

sampled_customers as (

    select * from {{ ref('int_segment_sample') }}

    where snapshot_number = 0

)

select
    labels.solution_number,
    sampled_customers.feature_set,
    labels.label,
    labels.sample_number,
    sampled_customers.is_evaluated,
    sampled_customers.vector

from labels
inner join sampled_customers
    on
        labels.feature_set = sampled_customers.feature_set
        and labels.sample_number = sampled_customers.sample_number
