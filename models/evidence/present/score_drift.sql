-- Grain: one row per target and feature, and one for the score of the model that serves
-- the target.

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
        end as bin,
        count(*) as row_count

    from compared
    inner join limits
        on
            compared.target = limits.target
            and compared.feature = limits.feature

    group by all

),

counted as (

    select
        target,
        feature,
        bin,
        sum(case when is_today then 0 else row_count end) as training_count,
        sum(case when is_today then row_count else 0 end) as today_count

    from binned

    group by
        target,
        feature,
        bin

),

-- Half a row more in each bin, so that an empty one is no infinite drift.
shares as (

    select
        target,
        feature,
        training_count,
        today_count,
        (training_count + 0.5) / sum(training_count + 0.5) over (
            partition by target, feature
        ) as training_share,
        (today_count + 0.5) / sum(today_count + 0.5) over (
            partition by target, feature
        ) as today_share

    from counted

),

indexed as (

    select
        target,
        feature,
        sum(training_count)::bigint as training_count,
        sum(today_count)::bigint as today_count,
        round(
            sum((today_share - training_share) * ln(today_share / training_share)), 9
        )::double as psi

    from shares

    group by
        target,
        feature

)

select
    target,
    feature,
    case
        when psi < 0.1 then 'stable'
        when psi < 0.25 then 'moved'
        else 'shifted'
    end as verdict,

    training_count,
    today_count,
    psi

from indexed

where today_count > 0
