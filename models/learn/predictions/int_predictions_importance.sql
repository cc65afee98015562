-- Grain: one row per target, model, method and feature.

with

shuffled as (

    select
        ml.target,
        ml.model,
        ml.cutoff_date::date as cutoff_date,
        ml.feature,
        ml.repeat as repeat_number,
        ml.probability,
        labels.is_positive

    from {{ ref('ml_shuffled_predictions') }} as ml
    inner join {{ ref('int_prediction_labels') }} as labels
        on
            ml.target = labels.target
            and ml.customer_number = labels.customer_number
            and ml.cutoff_date::date = labels.snapshot_date

    where labels.is_observed

),

scores as (

    select
        target,
        model,
        cutoff_date,
        feature,
        repeat_number,
        probability,
        count(*) filter (where is_positive) as positive_count,
        count(*) filter (where not is_positive) as negative_count

    from shuffled

    group by
        target,
        model,
        cutoff_date,
        feature,
        repeat_number,
        probability

),

placed as (

    select
        *,
        sum(negative_count) over (
            partition by target, model, feature, repeat_number
            order by probability
        ) - negative_count / 2.0 as negatives_below

    from scores

),

aucs as (

    select
        target,
        model,
        cutoff_date,
        feature,
        repeat_number,
        sum(positive_count * negatives_below)
        / nullif(sum(positive_count) * sum(negative_count), 0) as roc_auc

    from placed

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
