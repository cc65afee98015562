-- Grain: one row per target, model, variant and cut-off, and one over all cut-offs
-- (cutoff_date null).

with

calibration as (

    select
        target,
        model,
        variant,
        {{ split_key() }} as cutoff_date,
        sum(n * abs(observed_rate - mean_probability)) / sum(n) as calibration_error,
        -- What chance alone makes of true probabilities: the mean absolute deviation of
        -- a normal variable is sqrt(2 / pi) standard deviations.
        sum(sqrt(n * mean_probability * (1 - mean_probability) * 2 / pi())) / sum(n)
            as calibration_noise

    from {{ ref('classifier_calibration') }}

    group by all

),

-- A customer is scored at one date: errors of opposite sign do not make up for each
-- other.
by_date as (

    select
        target,
        model,
        variant,
        avg(calibration_error) as mean_calibration_error,
        max(calibration_error) as worst_calibration_error,
        avg(calibration_noise) as calibration_noise

    from calibration

    where cutoff_date is not null

    group by all

)

select
    measures.target,
    measures.model,
    measures.variant,
    measures.baseline_model,

    measures.n,
    measures.positive_count,
    measures.cutoff_count::bigint as cutoff_count,
    round(measures.positive_count::double / measures.n, 9) as base_rate,
    round(measures.mean_probability, 9)::double as mean_probability,
    round(
        (measures.true_positive_count + measures.true_negative_count)::double
        / measures.n, 9
    ) as accuracy,
    round(
        measures.true_positive_count::double
        / nullif(measures.true_positive_count + measures.false_positive_count, 0), 9
    ) as precision,
    round(
        measures.true_positive_count::double / nullif(measures.positive_count, 0), 9
    ) as recall,
    round(
        2.0 * measures.true_positive_count / nullif(
            2 * measures.true_positive_count
            + measures.false_positive_count + measures.false_negative_count, 0
        ), 9
    )::double as f1,
    round(measures.roc_auc, 9)::double as roc_auc,
    {% for side, sign in [('low', '-'), ('high', '+')] %}
    round(
        least(greatest(
            measures.roc_auc
            {{ sign }} 1.959964 * sqrt(greatest(measures.roc_auc_variance, 0)), 0
        ), 1), 9
    )::double as roc_auc_{{ side }},
    {% endfor %}
    round(measures.auc_gap, 9)::double as auc_gap,
    {% for side, sign in [('low', '-'), ('high', '+')] %}
    round(
        measures.auc_gap
        {{ sign }} 1.959964 * sqrt(greatest(measures.auc_gap_variance, 0)), 9
    )::double as auc_gap_{{ side }},
    {% endfor %}
    round(measures.average_precision, 9)::double as average_precision,
    round(measures.brier, 9)::double as brier,
    round(measures.log_loss, 9)::double as log_loss,
    round(calibration.calibration_error, 9)::double as calibration_error,
    round(by_date.mean_calibration_error, 9)::double as mean_calibration_error,
    round(by_date.worst_calibration_error, 9)::double as worst_calibration_error,
    round(coalesce(by_date.calibration_noise, calibration.calibration_noise), 9)::double
        as calibration_noise,
    round(measures.lift_top_decile, 9)::double as lift_top_decile,
    round(measures.threshold, 9)::double as threshold,

    measures.is_baseline,
    coalesce(measures.roc_auc > {{ var('prediction_leak_auc') }}, false)
        as is_suspicious,

    {{ split_columns('measures.target', 'measures.cutoff_date') }}

from {{ ref('int_classifier_pooled_measures') }} as measures
inner join calibration
    on
        measures.target = calibration.target
        and measures.model = calibration.model
        and measures.variant = calibration.variant
        and measures.cutoff_date is not distinct from calibration.cutoff_date
left join by_date
    on
        measures.cutoff_date is null
        and measures.target = by_date.target
        and measures.model = by_date.model
        and measures.variant = by_date.variant
