-- Grain: one row per target, model, variant and cut-off (null: pooled).

select
    target,
    model,
    variant,

    round(threshold, 9)::double as threshold,
    true_positive_count,
    false_positive_count,
    false_negative_count,
    true_negative_count,

    {{ split_columns('target', 'cutoff_date') }}

from {{ ref('int_classifier_pooled_measures') }}
