-- Grain: one row per scheme, segment and feature.

with

sampled_customers as (

    select customer_id

    from {{ ref('int_segment_customers') }}

    where draw_number <= {{ var('segment_profile_size') }}

),

feature_values as (

    select
        customer_id,
        feature,
        feature_value

    from {{ ref('int_customer_feature_values') }}

    union all

    select
        customer_id,
        feature,
        feature_value

    from {{ ref('int_attribute_features') }}

),

-- The scale on which customers are compared, but for attributes.
scaled_values as (

    select
        feature_values.customer_id,
        feature_values.feature,
        feature_values.feature_value,
        case
            when feature_values.feature like 'attribute.%'
                then feature_values.feature_value
            when
                feature_values.feature like '%!_share' escape '!'
                or feature_values.feature like '%!_rate' escape '!'
                then {{ scaled_value('feature_values.feature_value', 'share') }}
            when feature_values.feature like '%!_hour' escape '!'
                then {{ scaled_value('feature_values.feature_value', 'hour') }}
            when feature_values.feature like '%!_amount%' escape '!'
                then {{ scaled_value(
                    in_money_units('feature_values.feature_value'), 'amount'
                ) }}
            else {{ scaled_value('feature_values.feature_value', 'amount') }}
        end as scaled_value

    from feature_values
    inner join sampled_customers
        on feature_values.customer_id = sampled_customers.customer_id

),

-- By itself: joined with the values first, the members of millions would be grouped.
sampled_members as (

    select
        scheme_members.customer_id,
        scheme_members.scheme,
        scheme_members.segment_id

    from {{ ref('int_scheme_members') }} as scheme_members
    inner join sampled_customers
        on scheme_members.customer_id = sampled_customers.customer_id

),

-- Means of decimals are exact, whatever the order of the rows.
everyone as (

    select
        feature,
        round(avg(feature_value::decimal(38, 9))::double, 9) as mean_value,
        median(feature_value) as median_value,
        round(avg(scaled_value), 9) as scaled_mean,
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
        round(avg(scaled_values.scaled_value), 9) as scaled_mean

    from sampled_members
    inner join scaled_values
        on sampled_members.customer_id = scaled_values.customer_id

    group by
        sampled_members.scheme,
        sampled_members.segment_id,
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
    ) as deviation

from segments
inner join everyone on segments.feature = everyone.feature
