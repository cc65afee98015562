-- A model serves only where its pooled ROC-AUC is above, and its Brier score below,
-- those of every baseline of the target.

with

pooled as (

    select * from {{ ref('classifier_metrics') }}

    where
        cutoff_date is null
        and fold is null

)

select
    chosen.target,
    chosen.model,
    baselines.model as baseline

from {{ ref('chosen_models') }} as chosen
inner join pooled as served
    on
        chosen.target = served.target
        and chosen.model = served.model
        and chosen.variant = served.variant
inner join pooled as baselines
    on
        chosen.target = baselines.target
        and baselines.is_baseline

where
    chosen.status = 'model served'
    and (served.roc_auc <= baselines.roc_auc or served.brier >= baselines.brier)
