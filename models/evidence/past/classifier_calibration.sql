-- Grain: one row per target, model, variant, cut-off (null: pooled) and tenth of the
-- probability scale that has predictions.

select
    target,
    model,
    variant,

    bin,
    n,
    positive_count,
    mean_probability,
    observed_rate,

    cutoff_date

from {{ ref('int_classifier_bins') }}
