-- Grain: one row per scheme, segment and feature.

with

feature_values as (

    {{ sampled_feature_values() }}

),

scaled_values as (

    select
        *,
        round({{ scaled_by_name('feature_value', 'feature') }}, 9) as scaled_value

    from feature_values

),

-- By itself: joined with the values first, the members of millions would be grouped.
sampled_members as (

    {{ sampled_segment_members() }}

),

-- Means of decimals are exact, whatever the order of the rows.
everyone as (

    select
        feature,
        round(avg(feature_value::decimal(38, 9))::double, 9) as mean_value,
        median(feature_value) as median_value,
        round(avg(scaled_value::decimal(38, 9))::double, 9) as scaled_mean,
        round(stddev_pop(scaled_value), 9) as scaled_deviation

    from scaled_values

    group by feature

),

segments as (

    select
        sampled_members.scheme,
        sampled_members.segment_id,
        scaled_values.feature,
        count(*) as known_count,
        round(avg(scaled_values.feature_value::decimal(38, 9))::double, 9)
            as mean_value,
        median(scaled_values.feature_value) as median_value,
        round(avg(scaled_values.scaled_value::decimal(38, 9))::double, 9)
            as scaled_mean,
        count(case when scaled_values.scaled_value > everyone.scaled_mean then 1 end)
        ::double / sampled_members.member_count as above_share,
        count(case when scaled_values.scaled_value < everyone.scaled_mean then 1 end)
        ::double / sampled_members.member_count as below_share

    from sampled_members
    inner join scaled_values
        on sampled_members.customer_id = scaled_values.customer_id
    inner join everyone on scaled_values.feature = everyone.feature

    group by
        sampled_members.scheme,
        sampled_members.segment_id,
        sampled_members.member_count,
        scaled_values.feature

)

select
    segments.scheme,
    segments.segment_id,
    segments.feature,

    segments.known_count,
    segments.median_value,
    segments.mean_value,
    everyone.median_value as all_median_value,
    everyone.mean_value as all_mean_value,
    100 * segments.mean_value / nullif(everyone.mean_value, 0) as index_to_all,
    coalesce(
        (segments.scaled_mean - everyone.scaled_mean)
        / nullif(everyone.scaled_deviation, 0), 0
    ) as deviation,
    case
        when segments.scaled_mean < everyone.scaled_mean then segments.below_share
        else segments.above_share
    end as same_side_share

from segments
inner join everyone on segments.feature = everyone.feature
