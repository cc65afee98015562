-- Grain: one row per target and feature, and one for the score of the model that serves
-- the target.

with

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

    from {{ ref('int_drift_bins') }}

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
