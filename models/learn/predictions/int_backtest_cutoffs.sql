-- Grain: one row per target, cut-off and snapshot date that a model of this cut-off is
-- trained on: its outcome window ended on or before the cut-off. The serving cut-off is
-- the learning date.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

snapshots as (

    select
        labels.target,
        targets.horizon_days,
        labels.snapshot_date,
        cast({{ dbt.dateadd(
            'day', 'targets.horizon_days', 'labels.snapshot_date'
        ) }} as date) as outcome_end_date,
        labels.snapshot_date = clock.learning_date as is_serving,
        count(*) as row_count,
        count(*) filter (where labels.is_positive) as positive_count,
        count(*) filter (where not labels.is_positive) as negative_count

    from {{ ref('int_prediction_labels') }} as labels
    inner join {{ ref('prediction_targets') }} as targets
        on labels.target = targets.target
    cross join clock

    group by all

),

pairs as (

    select
        cutoffs.target,
        cutoffs.horizon_days,
        cutoffs.snapshot_date as cutoff_date,
        cutoffs.outcome_end_date as cutoff_outcome_end_date,
        cutoffs.is_serving,
        training.snapshot_date,
        training.outcome_end_date,
        training.row_count,
        training.positive_count,
        training.negative_count

    from snapshots as cutoffs
    inner join snapshots as training
        on
            cutoffs.target = training.target
            and cutoffs.snapshot_date >= training.outcome_end_date
    cross join clock

    where
        cutoffs.is_serving
        or cutoffs.outcome_end_date <= clock.learning_date

),

sufficient as (

    select
        target,
        cutoff_date,
        is_serving,
        row_number() over (
            partition by target, is_serving
            order by cutoff_date desc
        ) - 1 as cutoffs_back

    from pairs

    group by
        target,
        cutoff_date,
        is_serving

    having
        sum(positive_count) >= {{ var('prediction_min_class_rows') }}
        and sum(negative_count) >= {{ var('prediction_min_class_rows') }}

),

chosen as (

    select
        target,
        cutoff_date,
        dense_rank() over (
            partition by target, is_serving
            order by cutoff_date
        ) as cutoff_number

    from sufficient

    where
        is_serving
        or (
            -- Some way apart, so that they see different seasons.
            mod(cutoffs_back, {{ var('prediction_cutoff_spacing_months') }}) = 0
            and cutoffs_back / {{ var('prediction_cutoff_spacing_months') }}
            < {{ var('prediction_cutoff_count') }}
        )

)

select
    pairs.*,
    chosen.cutoff_number,
    trained.observed_change,
    served.expected_change

from pairs
inner join chosen
    on
        pairs.target = chosen.target
        and pairs.cutoff_date = chosen.cutoff_date
inner join {{ ref('int_demand_signals') }} as trained
    on
        pairs.snapshot_date = trained.snapshot_date
        and pairs.horizon_days = trained.horizon_days
inner join {{ ref('int_demand_signals') }} as served
    on
        pairs.cutoff_date = served.snapshot_date
        and pairs.horizon_days = served.horizon_days
