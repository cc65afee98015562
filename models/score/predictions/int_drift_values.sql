-- Grain: one row per target, feature, customer and snapshot date that is compared:
-- those the serving model was trained on, and today's.

with

rows_compared as (

    select
        labels.target,
        labels.feature_row,
        false as is_today

    from {{ ref('int_training_windows') }} as windows
    inner join {{ ref('int_prediction_labels') }} as labels
        on
            windows.target = labels.target
            and windows.snapshot_date = labels.snapshot_date

    where
        windows.is_serving
        -- Those that weigh most in the training part.
        and {{ dbt.datediff(
            'windows.snapshot_date', 'windows.cutoff_date', 'day'
        ) }} <= 365 + windows.horizon_days
        and labels.customer_number <= {{ var('prediction_drift_customers') }}

    union all

    select
        due.target,
        due.feature_row,
        true as is_today

    from {{ ref('int_predictions_due') }} as due

    where
        due.customer_number <= {{ var('prediction_drift_customers') }}
        and due.target in (
            select readiness.target

            from {{ ref('int_prediction_readiness') }} as readiness

            where readiness.is_ready
        )

),

features as (

    select * from {{ ref('int_prediction_features') }}

    where customer_number <= {{ var('prediction_drift_customers') }}

)

{% for feature in prediction_features() %}
select
    rows_compared.target,
    '{{ feature }}' as feature,
    rows_compared.feature_row,
    rows_compared.is_today,
    features.{{ feature }} as feature_value

from rows_compared
inner join features on rows_compared.feature_row = features.feature_row
{{ 'union all' if not loop.last }}
{% endfor %}
