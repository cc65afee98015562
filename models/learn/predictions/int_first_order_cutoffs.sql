-- Grain: one row per target about first orders and cut-off: how many outcomes were over
-- by then to learn from, and how many first orders since to be judged by. The serving
-- cut-off is the learning date.

with

cutoffs as (

    select
        targets.target,
        targets.kind,
        snapshot_dates.snapshot_date as cutoff_date,
        snapshot_dates.is_learning_date as is_serving,
        cast({{ dbt.dateadd(
            'month',
            var('prediction_cutoff_spacing_months'),
            'snapshot_dates.snapshot_date'
        ) }} as date) as next_date

    from {{ ref('prediction_targets') }} as targets
    cross join {{ ref('int_snapshot_dates') }} as snapshot_dates

    where targets.population = 'first_order'

),

counted as (

    select
        cutoffs.target,
        cutoffs.kind,
        cutoffs.cutoff_date,
        cutoffs.next_date,
        cutoffs.is_serving,
        count(*) filter (where labels.outcome_end_date <= cutoffs.cutoff_date)
            as training_count,
        count(*) filter (
            where
            labels.outcome_end_date <= cutoffs.cutoff_date
            and labels.actual_amount > 0
        ) as buyer_count,
        count(*) filter (
            where
            labels.ordered_date >= cutoffs.cutoff_date
            and labels.ordered_date < cutoffs.next_date
        ) as judged_count

    from cutoffs
    inner join {{ ref('int_first_order_labels') }} as labels
        on cutoffs.target = labels.target

    group by all

),

sufficient as (

    select
        *,
        row_number() over (
            partition by target, is_serving
            order by cutoff_date desc
        ) - 1 as cutoffs_back

    from counted

    where
        training_count >= {{ var('prediction_first_order_min_rows') }}
        and (
            kind = 'multiclass'
            or (
                buyer_count >= {{ var('prediction_min_class_rows') }}
                and training_count - buyer_count
                >= {{ var('prediction_min_class_rows') }}
            )
        )
        and (is_serving or judged_count >= {{ var('prediction_min_class_rows') }})

)

select
    target,
    kind,
    cutoff_date,
    next_date,
    is_serving,
    training_count,
    judged_count

from sufficient

where
    is_serving
    or (
        mod(cutoffs_back, {{ var('prediction_cutoff_spacing_months') }}) = 0
        and cutoffs_back / {{ var('prediction_cutoff_spacing_months') }}
        < {{ var('prediction_cutoff_count') }}
    )
