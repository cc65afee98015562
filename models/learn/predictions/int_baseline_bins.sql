-- Grain: one row per target, cut-off, baseline and bin of its score: the rate of
-- positives in the training windows of the cut-off.

with

scores as (

    select * from {{ ref('int_baseline_scores') }}

),

training as (

    select
        windows.target,
        windows.cutoff_date,
        scores.model,
        scores.score_bin,
        labels.is_positive

    from {{ ref('int_training_windows') }} as windows
    inner join {{ ref('int_prediction_labels') }} as labels
        on
            windows.target = labels.target
            and windows.snapshot_date = labels.snapshot_date
    inner join scores
        on
            labels.customer_id = scores.customer_id
            and labels.snapshot_date = scores.snapshot_date

),

counted as (

    select
        target,
        cutoff_date,
        model,
        score_bin,
        count(*) as row_count,
        count(*) filter (where is_positive) as positive_count

    from training

    group by
        target,
        cutoff_date,
        model,
        score_bin

)

select
    target,
    cutoff_date,
    model,
    score_bin,
    row_count,
    positive_count,
    sum(row_count) over (partition by target, cutoff_date, model) as training_row_count,
    -- A bin of few rows leans to the rate of all (ten rows' worth).
    (
        positive_count
        + 10.0 * sum(positive_count) over (partition by target, cutoff_date, model)
        / sum(row_count) over (partition by target, cutoff_date, model)
    ) / (row_count + 10) as probability

from counted
