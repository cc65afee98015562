-- Grain: one row per feature set, sampled customer and snapshot: now (0), and the last
-- month starts before (1, 2, ...), as far as the customer was there.

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

    where snapshot_dates.snapshot_date < clock.as_of_date

    qualify snapshot_number <= {{ var('segment_stay_months') }}

),

-- No date: with attributes alone there is none.
vectors as (

    select
        *,
        case when is_as_of_date then null else snapshot_date end as earlier_date

    from {{ ref('int_segment_vectors') }}

),

readiness as (

    select feature_set from {{ ref('int_segment_readiness') }}

    where is_ready

),

drawn as (

    select
        vectors.feature_set,
        vectors.customer_number,
        row_number() over (
            partition by vectors.feature_set
            order by vectors.draw_number
        ) as sample_number

    from vectors
    inner join readiness on vectors.feature_set = readiness.feature_set

    where vectors.is_as_of_date

    qualify sample_number <= {{ var('segment_sample_size') }}

)

select
    drawn.feature_set,
    drawn.sample_number,
    coalesce(snapshots.snapshot_number, 0) as snapshot_number,
    drawn.sample_number <= {{ var('segment_evaluation_size') }} as is_evaluated,
    drawn.customer_number,
    vectors.snapshot_date,
    vectors.vector

from drawn
inner join vectors
    on
        drawn.feature_set = vectors.feature_set
        and drawn.customer_number = vectors.customer_number
left join snapshots on vectors.earlier_date = snapshots.snapshot_date

where
    vectors.is_as_of_date
    or snapshots.snapshot_number is not null
