-- Grain: one row per target and feature, and one for the score of the model that serves
-- the target.

with

-- Tenths of the training values; equal values are in one of them, unknown ones apart.
limits as (

    select
        {% for tenth in range(1, 10) %}
        percentile_disc({{ tenth / 10 }}) within group (order by feature_value)
            as limit_{{ tenth }},
        {% endfor %}
        target,
        feature

    from {{ ref('int_drift_values') }}

    where not is_today

    group by
        target,
        feature

),

binned as (

    select
        compared.target,
        compared.feature,
        case
            when compared.feature_value is null then -1
            {% for tenth in range(1, 10) %}
            when compared.feature_value <= limits.limit_{{ tenth }} then {{ tenth }}
            {% endfor %}
            else 10
        end as bin,
        count(*) filter (where not compared.is_today) as training_count,
        count(*) filter (where compared.is_today) as today_count

    from {{ ref('int_drift_values') }} as compared
    inner join limits
        on
            compared.target = limits.target
            and compared.feature = limits.feature

    group by
        compared.target,
        compared.feature,
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

    from binned

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
