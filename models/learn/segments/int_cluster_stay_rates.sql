-- Grain: one row per solution that can be applied to two month starts or more.

with

labels as (

    select * from {{ ref('ml_cluster_labels') }}

    where run = 'snapshot'

)

select
    labels.solution_number,
    count(*) as pair_count,
    count(*) filter (where labels.label = earlier.label)::double / count(*)
        as stay_rate

from labels
-- Snapshots count backwards: the one before has the next number.
inner join labels as earlier
    on
        labels.solution_number = earlier.solution_number
        and labels.sample_number = earlier.sample_number
        and labels.run_number + 1 = earlier.run_number

group by
    labels.solution_number
