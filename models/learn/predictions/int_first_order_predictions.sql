-- Grain: one row per target about first orders, or given number or classes, model,
-- back-test cut-off (or fold as a day), customer, and segment or class where these are
-- predicted: what was predicted, and what came.

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

union all

select
    label_name as target,
    kind,
    model,
    variant,
    cutoff_date,
    customer_id,
    case when kind = 'multiclass' then class_name end as segment,
    predicted,
    outcome as actual,
    case when kind = 'multiclass' then value_text end as actual_segment,
    is_baseline

from {{ ref('int_label_predictions') }}

where
    kind <> 'binary'
    and variant = 'plain'

union all

-- Each class against all others.
select
    target,
    'binary' as kind,
    model,
    variant,
    cutoff_date,
    customer_id,
    null as segment,
    predicted,
    outcome as actual,
    null as actual_segment,
    is_baseline

from {{ ref('int_label_predictions') }}

where kind <> 'amount'
