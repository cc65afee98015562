-- Grain: one row per target about first orders that is served and customer whose
-- history is one order.

with

predictions as (

    select
        ml.target,
        cutoffs.kind,
        first_orders.customer_id,
        first_orders.ordered_date,
        ml.model,
        ml.n,
        ml.segment,
        case
            when cutoffs.kind = 'amount' then {{ from_money_units('ml.predicted') }}
            else ml.predicted
        end as predicted,
        {{ as_of_date() }} as as_of_date

    from {{ ref('ml_first_order_predictions') }} as ml
    inner join {{ ref('int_backtest_cutoffs') }} as cutoffs
        on
            ml.target = cutoffs.target
            and ml.cutoff_date::date = cutoffs.cutoff_date
    inner join {{ ref('chosen_models') }} as chosen
        on
            ml.target = chosen.target
            and ml.model = chosen.model
    inner join {{ ref('int_first_orders') }} as first_orders
        on ml.customer_number = first_orders.customer_number

    where cutoffs.is_serving

    -- Of the segments the most probable.
    qualify
        row_number() over (
            partition by ml.target, ml.customer_number
            order by ml.predicted desc, ml.segment asc
        ) = 1

)

select
    predictions.customer_id,
    predictions.target,

    runs.model_run_id,
    predictions.model as model_name,
    case when predictions.kind = 'multiclass' then predictions.segment end
        as predicted_segment,

    targets.horizon_days,
    case when predictions.kind <> 'amount' then predictions.predicted end
        as probability,
    case when predictions.kind = 'amount' then predictions.predicted end::decimal(38, 4)
        as predicted_amount,
    percent_rank() over (
        partition by predictions.target
        order by predictions.predicted
    ) as percentile,

    cast({{ dbt.dateadd(
        'day', 'targets.horizon_days', 'predictions.ordered_date'
    ) }} as date) > predictions.as_of_date as is_window_open,

    predictions.ordered_date as first_ordered_date,
    predictions.as_of_date

from predictions
inner join {{ ref('prediction_targets') }} as targets
    on predictions.target = targets.target
inner join {{ ref('int_predictions_model_runs') }} as runs
    on
        predictions.target = runs.target
        and predictions.model = runs.model
        and runs.is_serving
