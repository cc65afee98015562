-- Grain: one row per target, model, variant, back-test cut-off and customer judged:
-- what was predicted, and what came. Other areas add their predictions of the same
-- targets as one more part of this union.

with

labels as (

    select
        target,
        customer_id,
        customer_number,
        snapshot_date,
        is_positive

    from {{ ref('int_prediction_labels') }}

    where is_observed

),

predictions as (

    select
        ml.target,
        ml.model,
        ml.variant,
        ml.cutoff_date::date as cutoff_date,
        labels.customer_id,
        ml.probability,
        labels.is_positive,
        false as is_baseline

    from {{ ref('ml_classifier_predictions') }} as ml
    inner join labels
        on
            ml.target = labels.target
            and ml.customer_number = labels.customer_number
            and ml.cutoff_date::date = labels.snapshot_date

    union all

    select
        blended.target,
        'blend' as model,
        'level' as variant,
        blended.cutoff_date,
        labels.customer_id,
        blended.probability,
        labels.is_positive,
        false as is_baseline

    from {{ ref('int_blended_predictions') }} as blended
    inner join labels
        on
            blended.target = labels.target
            and blended.customer_number = labels.customer_number
            and blended.cutoff_date = labels.snapshot_date

    union all

    select
        baselines.target,
        baselines.model,
        baselines.variant,
        baselines.cutoff_date,
        baselines.customer_id,
        baselines.probability,
        labels.is_positive,
        true as is_baseline

    from {{ ref('int_baseline_predictions') }} as baselines
    inner join labels
        on
            baselines.target = labels.target
            and baselines.customer_id = labels.customer_id
            and baselines.cutoff_date = labels.snapshot_date

    where not baselines.is_serving

    union all

    select
        first_orders.target,
        first_orders.model,
        first_orders.variant,
        first_orders.cutoff_date,
        first_orders.customer_id,
        first_orders.predicted as probability,
        first_orders.actual > 0 as is_positive,
        first_orders.is_baseline

    from {{ ref('int_first_order_predictions') }} as first_orders

    where first_orders.kind = 'binary'

)

select * from predictions
