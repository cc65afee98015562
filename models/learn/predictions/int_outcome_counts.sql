-- Grain: one row per target, day that something could be predicted, and day that its
-- outcome was over: how many outcomes there are, of either kind.

with

labels as (

    select
        labels.target,
        labels.snapshot_date as made_date,
        cast({{ dbt.dateadd(
            'day', 'targets.horizon_days', 'labels.snapshot_date'
        ) }} as date) as outcome_end_date,
        labels.is_positive

    from {{ ref('int_prediction_labels') }} as labels
    inner join {{ ref('prediction_targets') }} as targets
        on labels.target = targets.target

    where labels.is_observed

    union all

    select
        target,
        ordered_date as made_date,
        outcome_end_date,
        actual_amount > 0 as is_positive

    from {{ ref('int_first_order_labels') }}

)

select
    target,
    made_date,
    outcome_end_date,
    count(*) as row_count,
    count(*) filter (where is_positive) as positive_count,
    count(*) filter (where not is_positive) as negative_count

from labels

group by
    target,
    made_date,
    outcome_end_date
