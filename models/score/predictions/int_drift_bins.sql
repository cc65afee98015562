-- Grain: one row per target, feature (score: the score of the model that serves) and
-- tenth of what it is compared with: how many of then and of today are in it.

with

last_cutoffs as (

    select
        target,
        max(cutoff_date) as last_cutoff_date

    from {{ ref('int_training_windows') }}

    where not is_serving

    group by target

),

compared as (

    select
        target,
        feature,
        is_today,
        feature_value

    from {{ ref('int_drift_values') }}

    union all

    -- The scores of the last back-test cut-off against today's.
    select
        predictions.target,
        'score' as feature,
        false as is_today,
        predictions.probability as feature_value

    from {{ ref('int_classifier_predictions') }} as predictions
    inner join {{ ref('chosen_models') }} as chosen
        on
            predictions.target = chosen.target
            and predictions.model = chosen.model
            and predictions.variant = chosen.variant
    inner join last_cutoffs
        on
            predictions.target = last_cutoffs.target
            and predictions.cutoff_date = last_cutoffs.last_cutoff_date

    union all

    select
        target,
        'score' as feature,
        true as is_today,
        probability as feature_value

    from {{ ref('int_customer_scores') }}

),

-- Tenths of the training values; equal values are in one of them, unknown ones apart.
limits as (

    select
        {% for tenth in range(1, 10) %}
        percentile_disc({{ tenth / 10 }}) within group (order by feature_value)
            as limit_{{ tenth }},
        {% endfor %}
        target,
        feature

    from compared

    where not is_today

    group by
        target,
        feature

),

binned as (

    select
        compared.target,
        compared.feature,
        compared.is_today,
        case
            when compared.feature_value is null then -1
            {% for tenth in range(1, 10) %}
            when compared.feature_value <= limits.limit_{{ tenth }} then {{ tenth }}
            {% endfor %}
            else 10
        end as bin

    from compared
    inner join limits
        on
            compared.target = limits.target
            and compared.feature = limits.feature

)

select
    target,
    feature,
    bin,
    count(*) filter (where not is_today) as training_count,
    count(*) filter (where is_today) as today_count

from binned

group by
    target,
    feature,
    bin
