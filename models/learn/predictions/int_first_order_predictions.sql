-- Grain: one row per target about first orders, model, back-test cut-off, customer, and
-- segment where segments are predicted: what was predicted, and what came.

select
    ml.target,
    labels.kind,
    ml.model,
    'plain' as variant,
    ml.cutoff_date::date as cutoff_date,
    labels.customer_id,
    ml.segment,
    case
        when labels.kind = 'amount' then {{ from_money_units('ml.predicted') }}
        else ml.predicted
    end as predicted,
    case
        when labels.kind = 'multiclass'
            then (ml.segment = labels.actual_segment)::int::double
        else labels.actual_amount
    end as actual,
    labels.actual_segment,
    ml.model = 'average' as is_baseline

from {{ ref('ml_first_order_predictions') }} as ml
inner join {{ ref('int_first_order_labels') }} as labels
    on
        ml.target = labels.target
        and ml.customer_number = labels.customer_number
inner join {{ ref('int_backtest_cutoffs') }} as cutoffs
    on
        ml.target = cutoffs.target
        and ml.cutoff_date::date = cutoffs.cutoff_date

where
    not cutoffs.is_serving
    and labels.ordered_date >= cutoffs.cutoff_date
