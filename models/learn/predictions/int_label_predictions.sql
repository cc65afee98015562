-- Grain: one row per outcome (of several classes: class of it), model, variant, fold as
-- a day, and customer held out: what was predicted, and what is true.

select
    ml.target,
    outcomes.target as label_name,
    outcomes.kind,
    outcomes.class_name,
    ml.model,
    ml.variant,
    {{ fold_as_date('ml.repeat', 'ml.fold') }} as cutoff_date,
    outcomes.customer_id,
    outcomes.value_text,
    ml.predicted,
    outcomes.outcome,
    ml.model in ('base_rate', 'best_feature') as is_baseline

from {{ ref('ml_label_predictions') }} as ml
inner join {{ ref('int_label_outcomes') }} as outcomes
    on
        ml.target = outcomes.class_target
        and ml.label_row = outcomes.label_row
