-- Grain: one row per feature set, sampled customer and snapshot: the learning date
-- (0), and the last month starts before (1, 2, ...), as far as the customer was there.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

snapshots as (

    select
        snapshot_dates.snapshot_date,
        row_number() over (order by snapshot_dates.snapshot_date desc)
            as snapshot_number

    from {{ ref('int_snapshot_dates') }} as snapshot_dates
    cross join clock

    where snapshot_dates.snapshot_date < clock.learning_date

    qualify snapshot_number <= {{ var('segment_stay_months') }}

),

readiness as (

    select feature_set from {{ ref('int_segment_readiness') }}

    where is_ready

),

drawn as (

    select
        vectors.feature_set,
        vectors.customer_id,
        vectors.customer_number,
        row_number() over (
            partition by vectors.feature_set
            order by vectors.draw_number
        ) as sample_number

    from {{ ref('int_segment_vectors') }} as vectors
    inner join readiness on vectors.feature_set = readiness.feature_set

    where vectors.is_learning_date

    qualify sample_number <= {{ var('segment_sample_size') }}

),

-- By two selects, each of which reads the snapshots of its own dates only.
sampled_vectors as (

    select
        feature_set,
        customer_id,
        0 as snapshot_number,
        snapshot_date,
        vector

    from {{ ref('int_segment_vectors') }}

    where is_learning_date

    union all

    select
        vectors.feature_set,
        vectors.customer_id,
        snapshots.snapshot_number,
        vectors.snapshot_date,
        vectors.vector

    from {{ ref('int_segment_vectors') }} as vectors
    inner join snapshots on vectors.snapshot_date = snapshots.snapshot_date

)

select
    drawn.feature_set,
    drawn.sample_number,
    sampled_vectors.snapshot_number,
    drawn.sample_number <= {{ var('segment_evaluation_size') }} as is_evaluated,
    drawn.customer_number,
    sampled_vectors.snapshot_date,
    sampled_vectors.vector

from drawn
inner join sampled_vectors
    on
        drawn.feature_set = sampled_vectors.feature_set
        and drawn.customer_id = sampled_vectors.customer_id
