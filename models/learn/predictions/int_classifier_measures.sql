-- Grain: one row per target, model, variant and cut-off.

with

scores as (

    select
        scores.*,
        thresholds.threshold,
        scores.probability >= thresholds.threshold as is_predicted,
        -- The best tenth; of those with its last probability, as many as fit in.
        greatest(
            least(ceil(scores.n_all / 10.0) - (scores.n_from - scores.n), scores.n), 0
        ) as top_n

    from {{ ref('int_classifier_scores') }} as scores
    inner join {{ ref('int_classifier_thresholds') }} as thresholds
        on
            scores.target = thresholds.target
            and scores.model = thresholds.model
            and scores.variant = thresholds.variant
            and scores.cutoff_date = thresholds.cutoff_date

),

measured as (

    select
        target,
        model,
        variant,
        cutoff_date,
        is_baseline,
        any_value(threshold) as threshold,
        sum(n)::bigint as n,
        sum(positive_count)::bigint as positive_count,
        sum(case when is_predicted then positive_count else 0 end)::bigint
            as true_positive_count,
        sum(case when is_predicted then negative_count else 0 end)::bigint
            as false_positive_count,
        sum(positive_count * negatives_below) as placement_sum,
        sum(positive_count * power(negatives_below, 2)) as placement_squares,
        sum(negative_count * positives_above) as other_placement_sum,
        sum(negative_count * power(positives_above, 2)) as other_placement_squares,
        sum(positive_count::double * positive_count_from / n_from) as precision_sum,
        sum(
            positive_count * power(1 - probability, 2)
            + negative_count * power(probability, 2)
        ) as squared_error,
        sum(
            -positive_count * ln(greatest(probability, 1e-6))
            - negative_count * ln(greatest(1 - probability, 1e-6))
        ) as log_loss_sum,
        sum(top_n * positive_count / n) / sum(top_n) as top_rate,
        sum(probability * n) as probability_sum

    from scores

    group by
        target,
        model,
        variant,
        cutoff_date,
        is_baseline

)

select
    target,
    model,
    variant,
    cutoff_date,
    is_baseline,
    threshold,
    n,
    positive_count,
    true_positive_count,
    false_positive_count,
    positive_count - true_positive_count as false_negative_count,
    n - positive_count - false_positive_count as true_negative_count,
    placement_sum / nullif(positive_count, 0) as roc_auc,
    -- DeLong, DeLong and Clarke-Pearson 1988.
    (placement_squares - power(placement_sum, 2) / nullif(positive_count, 0))
    / nullif((positive_count - 1) * positive_count, 0)
    + (
        other_placement_squares
        - power(other_placement_sum, 2) / nullif(n - positive_count, 0)
    ) / nullif((n - positive_count - 1) * (n - positive_count), 0) as roc_auc_variance,
    precision_sum / nullif(positive_count, 0) as average_precision,
    squared_error / n as brier,
    log_loss_sum / n as log_loss,
    probability_sum / n as mean_probability,
    top_rate / nullif(positive_count::double / n, 0) as lift_top_decile

from measured
