-- Grain: one row per target, model, variant, cut-off and point of its curves: at every
-- hundredth of the probability scale that makes a difference.

with

points as (

    select
        target,
        model,
        variant,
        cutoff_date,
        floor(100 * probability) / 100 as threshold,
        max(n_from) as predicted_count,
        max(positive_count_from) as true_positive_count,
        max(negative_count_from) as false_positive_count,
        max(positive_count_all) as positive_count_all,
        max(negative_count_all) as negative_count_all

    from {{ ref('int_classifier_scores') }}

    group by all

)

select
    target,
    model,
    variant,

    threshold::double as threshold,
    false_positive_count::double / nullif(negative_count_all, 0)
        as false_positive_rate,
    true_positive_count::double / nullif(positive_count_all, 0) as true_positive_rate,
    true_positive_count::double / predicted_count as precision,

    {{ split_columns('target', 'cutoff_date') }}

from points
