-- Grain: one row per target, model, variant and cut-off, and one over all cut-offs
-- (cutoff_date null). Pooled ROC-AUC, average precision and lift are means of the
-- cut-offs by customers judged: a rank among customers of another season means nothing.

with

measures as (

    select
        measures.*,
        gaps.baseline_model,
        gaps.auc_gap,
        gaps.auc_gap_variance

    from {{ ref('int_classifier_measures') }} as measures
    left join {{ ref('int_auc_gaps') }} as gaps
        on
            measures.target = gaps.target
            and measures.model = gaps.model
            and measures.variant = gaps.variant
            and measures.cutoff_date = gaps.cutoff_date

),

pooled as (

    select * from measures

    union all

    select * replace (null as cutoff_date) from measures

)

select
    target,
    model,
    variant,
    cutoff_date,
    {% for column in [
        'n', 'positive_count', 'true_positive_count', 'false_positive_count',
        'false_negative_count', 'true_negative_count',
    ] %}
    sum({{ column }})::bigint as {{ column }},
    {% endfor %}
    {% for column in [
        'roc_auc', 'average_precision', 'brier', 'log_loss', 'mean_probability',
        'lift_top_decile', 'auc_gap', 'threshold',
    ] %}
    sum({{ column }} * n)
    / nullif(sum(case when {{ column }} is not null then n end), 0) as {{ column }},
    {% endfor %}
    {% for column in ['roc_auc_variance', 'auc_gap_variance'] %}
    sum({{ column }} * power(n, 2))
    / nullif(power(sum(case when {{ column }} is not null then n end), 2), 0)
        as {{ column }},
    {% endfor %}
    count(*) as cutoff_count,
    is_baseline,
    max(baseline_model) as baseline_model

from pooled

group by
    target,
    model,
    variant,
    cutoff_date,
    is_baseline
