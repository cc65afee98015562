-- Grain: one row per pair of features, each pair once, in alphabetical order.

with

-- The pairs multiply the rows: beyond the sample size, a fixed sample of customers,
-- drawn by the hash of their id, says the same.
sampled_customers as (

    select customer_id

    from {{ ref('int_customer_snapshots') }}

    where snapshot_date = {{ as_of_date() }}

    order by md5(customer_id), customer_id

    limit {{ var('correlation_sample_size') }}

),

ranked as (

    select
        feature_values.customer_id,
        feature_values.feature,
        feature_values.feature_value,
        -- Tied values share the mean of their ranks.
        rank() over (
            partition by feature_values.feature
            order by feature_values.feature_value
        ) + (
            count(*) over (
                partition by feature_values.feature, feature_values.feature_value
            ) - 1
        ) / 2.0 as feature_rank

    from {{ ref('int_customer_feature_values') }} as feature_values
    inner join sampled_customers
        on feature_values.customer_id = sampled_customers.customer_id

),

pairs as (

    select
        first_features.feature as feature_a,
        second_features.feature as feature_b,
        count(*) as customer_count,
        -- Undefined where one of the two does not vary.
        case
            when
                min(first_features.feature_value) < max(first_features.feature_value)
                and min(second_features.feature_value)
                < max(second_features.feature_value)
                then corr(first_features.feature_value, second_features.feature_value)
        end as pearson,
        case
            when
                min(first_features.feature_value) < max(first_features.feature_value)
                and min(second_features.feature_value)
                < max(second_features.feature_value)
                then corr(first_features.feature_rank, second_features.feature_rank)
        end as spearman

    from ranked as first_features
    inner join ranked as second_features
        on
            first_features.customer_id = second_features.customer_id
            and first_features.feature < second_features.feature

    group by
        first_features.feature,
        second_features.feature

)

select * from pairs
