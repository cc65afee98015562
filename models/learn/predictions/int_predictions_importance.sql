-- Grain: one row per target, model, method and feature.

with

shuffled as (

    select
        ml.target,
        ml.model,
        ml.cutoff_date::date as cutoff_date,
        ml.feature,
        ml.repeat as repeat_number,
        labels.is_positive,
        {{ mean_rank('ml.probability', 'ml.target, ml.model, ml.feature, ml.repeat') }}
            as probability_rank

    from {{ ref('ml_shuffled_predictions') }} as ml
    inner join {{ ref('int_prediction_labels') }} as labels
        on
            ml.target = labels.target
            and ml.customer_number = labels.customer_number
            and ml.cutoff_date::date = labels.snapshot_date

    where labels.is_observed

),

-- ROC-AUC by the ranks of the positives (Mann and Whitney 1947).
aucs as (

    select
        target,
        model,
        cutoff_date,
        feature,
        repeat_number,
        (
            avg(probability_rank) filter (where is_positive)
            - (count(*) filter (where is_positive) + 1) / 2.0
        ) / nullif(count(*) filter (where not is_positive), 0) as roc_auc

    from shuffled

    group by
        target,
        model,
        cutoff_date,
        feature,
        repeat_number

)

select
    'predictions' as area,
    aucs.target,
    aucs.model,
    aucs.cutoff_date,
    aucs.feature,
    'permutation' as method,
    round(avg(whole.roc_auc - aucs.roc_auc), 9)::double as importance,
    round(stddev_samp(whole.roc_auc - aucs.roc_auc), 9)::double as importance_std

from aucs
inner join aucs as whole
    on
        aucs.target = whole.target
        and aucs.model = whole.model
        and whole.feature is null

where aucs.feature is not null

group by
    aucs.target,
    aucs.model,
    aucs.cutoff_date,
    aucs.feature

union all

select
    'predictions' as area,
    target,
    model,
    cutoff_date::date as cutoff_date,
    feature,
    'model' as method,
    own_importance as importance,
    null as importance_std

from {{ ref('ml_shuffled_predictions') }}

where own_importance is not null
