-- Grain: one row per target.

{% set splits %}if({{ is_label('readiness.target') }}, ' folds', ' cut-offs'){% endset %}
{% set measures = [
    'roc_auc', 'brier', 'calibration_error', 'mean_calibration_error',
    'worst_calibration_error', 'calibration_noise',
] %}

with

chosen as (

    select * from {{ ref('int_classifier_choices') }}

),

readiness as (

    select
        target,
        missing,
        warning,
        population = 'customer' or kind = 'binary' as is_classified

    from {{ ref('int_prediction_readiness') }}

),

others as (

    select
        readiness.target,
        readiness.missing,
        readiness.warning,
        choices.model,
        choices.is_baseline,
        choices.n,
        choices.cutoff_count,
        choices.reason

    from readiness
    left join {{ ref('int_first_order_choices') }} as choices
        on readiness.target = choices.target

    where not readiness.is_classified

)

select
    readiness.target,
    case
        when chosen.target is null then 'not served'
        when chosen.is_baseline then 'baseline served'
        else 'model served'
    end as status,
    chosen.model,
    chosen.variant,
    case
        when readiness.missing is not null then readiness.missing
        when chosen.target is null then 'not enough data: no cut-off could be judged'
        when chosen.is_baseline
            then
                'No model has both a higher ROC-AUC than the best baseline ('
                || round(chosen.baseline_auc, 3)::string
                || ') and a lower Brier score ('
                || round(chosen.baseline_brier, 4)::string
                || '); the baseline with the lowest Brier score is served.'
        else
            'Lowest Brier score (' || round(chosen.brier, 4)::string
            || ', best baseline ' || round(chosen.baseline_brier, 4)::string
            || ') over '
            || chosen.cutoff_count::string || {{ splits }} || '; ROC-AUC '
            || round(chosen.roc_auc, 3)::string || ' against '
            || round(chosen.baseline_auc, 3)::string || ' of the best baseline ('
            || chosen.baseline_model || ')'
            || case when chosen.auc_gap_low > 0 then '' else ', within chance' end
            || '; calibration error '
            || round(chosen.mean_calibration_error, 3)::string
            || ' at the mean of the single' || {{ splits }} || ' (chance alone: '
            || round(chosen.calibration_noise, 3)::string || '), '
            || round(chosen.worst_calibration_error, 3)::string || ' at the worst.'
    end as reason,
    readiness.warning,
    {{ protocol('readiness.target') }} as protocol,

    chosen.cutoff_count,
    {% for column in measures %}
    chosen.{{ column }},
    {% endfor %}
    chosen.n

from readiness
left join chosen on readiness.target = chosen.target

where readiness.is_classified

union all

select
    target,
    case
        when model is null then 'not served'
        when is_baseline then 'baseline served'
        else 'model served'
    end as status,
    model,
    case when model is not null then 'plain' end as variant,
    coalesce(missing, reason, 'not enough data: no cut-off could be judged') as reason,
    warning,
    {{ protocol('target') }} as protocol,

    cutoff_count,
    {% for column in measures %}
    null as {{ column }},
    {% endfor %}
    n

from others
