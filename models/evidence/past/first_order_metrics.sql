-- Grain: one row per target about first orders that predicts an amount or a segment,
-- model and cut-off, and one over all cut-offs (cutoff_date null).

select
    target,
    model,
    'amount' as kind,

    n,
    {% for column in [
        'bias', 'mae', 'rmse', 'r2', 'spearman', 'top_decile_capture', 'mean_actual'
    ] %}
    round({{ column }}, 9)::double as {{ column }},
    {% endfor %}
    null::double as accuracy,
    null::double as log_loss,
    null::double as brier,
    is_baseline,
    cutoff_date

from {{ ref('int_first_order_amount_measures') }}

union all

select
    target,
    model,
    'multiclass' as kind,

    n,
    {% for column in [
        'bias', 'mae', 'rmse', 'r2', 'spearman', 'top_decile_capture', 'mean_actual'
    ] %}
    null::double as {{ column }},
    {% endfor %}
    round(accuracy, 9)::double as accuracy,
    round(log_loss, 9)::double as log_loss,
    round(brier, 9)::double as brier,
    is_baseline,
    cutoff_date

from {{ ref('int_first_order_segment_measures') }}
