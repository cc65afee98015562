-- Grain: one row per target, feature (score: that of the model that serves), customer
-- and snapshot date that is compared: those the serving model was trained on, for
-- scores those it was judged by last, and today's.

with

trained_on as (

    select
        labels.target,
        labels.feature_row

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

),

rows_compared as (

    select
        eligibility.target,
        eligibility.feature_row,
        eligibility.is_as_of_date as is_today

    from {{ ref('int_prediction_eligibility') }} as eligibility
    inner join {{ ref('int_prediction_readiness') }} as readiness
        on
            eligibility.target = readiness.target
            and readiness.is_ready
    left join trained_on
        on
            eligibility.target = trained_on.target
            and eligibility.feature_row = trained_on.feature_row

    where
        eligibility.draw_number < {{ var('prediction_drift_customers') }}
        and (eligibility.is_as_of_date or trained_on.target is not null)

)

{% for feature in prediction_features() %}
select
    rows_compared.target,
    '{{ feature }}' as feature,
    rows_compared.feature_row,
    rows_compared.is_today,
    features.{{ feature }} as feature_value

from rows_compared
inner join {{ ref('int_prediction_features') }} as features
    on rows_compared.feature_row = features.feature_row

union all

{% endfor %}
select
    rows_compared.target,
    events.feature,
    rows_compared.feature_row,
    rows_compared.is_today,
    events.feature_value

from rows_compared
inner join {{ ref('int_prediction_events') }} as events
    on rows_compared.feature_row = events.feature_row

union all

select
    predictions.target,
    'score' as feature,
    eligibility.feature_row,
    false as is_today,
    predictions.probability as feature_value

from {{ ref('int_classifier_predictions') }} as predictions
inner join {{ ref('chosen_models') }} as chosen
    on
        predictions.target = chosen.target
        and predictions.model = chosen.model
        and predictions.variant = chosen.variant
inner join {{ ref('int_prediction_eligibility') }} as eligibility
    on
        predictions.target = eligibility.target
        and predictions.customer_id = eligibility.customer_id
        and predictions.cutoff_date = eligibility.snapshot_date

qualify
    predictions.cutoff_date
    = max(predictions.cutoff_date) over (partition by predictions.target)

union all

select
    target,
    'score' as feature,
    feature_row,
    true as is_today,
    probability as feature_value

from {{ ref('int_customer_scores') }}
