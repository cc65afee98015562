-- Grain: one row per customer and feature whose value lies outside Tukey's fences or
-- has a robust z-score beyond 3.5. Reported only: nothing is dropped.

with

feature_values as (

    select * from {{ ref('int_customer_feature_values') }}

),

quartiles as (

    select
        feature,
        percentile_cont(0.25) within group (order by feature_value) as p25_value,
        median(feature_value) as median_value,
        percentile_cont(0.75) within group (order by feature_value) as p75_value

    from feature_values

    group by feature

),

deviations as (

    select
        feature_values.feature,
        median(abs(feature_values.feature_value - quartiles.median_value))
            as median_absolute_deviation

    from feature_values
    inner join quartiles on feature_values.feature = quartiles.feature

    group by feature_values.feature

),

judged as (

    select
        feature_values.customer_id,
        feature_values.feature,
        feature_values.feature_value,
        quartiles.p25_value
        - 1.5 * (quartiles.p75_value - quartiles.p25_value) as lower_fence,
        quartiles.p75_value
        + 1.5 * (quartiles.p75_value - quartiles.p25_value) as upper_fence,
        -- 0.6745 makes it a z-score where values are normal (Iglewicz, Hoaglin 1993).
        0.6745 * (feature_values.feature_value - quartiles.median_value)
        / nullif(deviations.median_absolute_deviation, 0) as robust_z

    from feature_values
    inner join quartiles on feature_values.feature = quartiles.feature
    inner join deviations on feature_values.feature = deviations.feature

),

flagged as (

    select
        *,
        feature_value < lower_fence or feature_value > upper_fence as is_iqr_outlier,
        coalesce(abs(robust_z) > 3.5, false) as is_robust_z_outlier

    from judged

)

select
    customer_id,
    feature,

    feature_value,
    lower_fence,
    upper_fence,
    robust_z,

    is_iqr_outlier,
    is_robust_z_outlier

from flagged

where
    is_iqr_outlier
    or is_robust_z_outlier
