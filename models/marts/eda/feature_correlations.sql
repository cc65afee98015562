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

sample_size as (

    select count(*) as customer_count

    from sampled_customers

),

feature_values as (

    select
        feature_values.customer_id,
        feature_values.feature,
        feature_values.feature_value,
        {{ mean_rank('feature_values.feature_value', 'feature_values.feature') }}
            as feature_rank,
        count(*) over (partition by feature_values.feature)
        = sample_size.customer_count as is_known_for_all

    from {{ ref('int_customer_feature_values') }} as feature_values
    inner join sampled_customers
        on feature_values.customer_id = sampled_customers.customer_id
    cross join sample_size

),

pair_values as (

    select
        first_features.feature as feature_a,
        second_features.feature as feature_b,
        first_features.feature_value as value_a,
        second_features.feature_value as value_b,
        first_features.feature_rank as rank_a,
        second_features.feature_rank as rank_b,
        first_features.is_known_for_all
        and second_features.is_known_for_all as is_known_for_all

    from feature_values as first_features
    inner join feature_values as second_features
        on
            first_features.customer_id = second_features.customer_id
            and first_features.feature < second_features.feature

),

-- Ranks count among the customers for whom both are known. Where that is everyone they
-- are the same in every pair, which saves most of the sorting.
ranked_values as (

    select
        feature_a,
        feature_b,
        value_a,
        value_b,
        rank_a,
        rank_b

    from pair_values

    where is_known_for_all

    union all

    select
        feature_a,
        feature_b,
        value_a,
        value_b,
        {{ mean_rank('value_a', 'feature_a, feature_b') }} as rank_a,
        {{ mean_rank('value_b', 'feature_a, feature_b') }} as rank_b

    from pair_values

    where not is_known_for_all

)

select
    feature_a,
    feature_b,

    count(*) as customer_count,
    -- Undefined where one of the two does not vary. Rounded, because the last digits
    -- of a sum of floating-point numbers depend on the order of the rows.
    case
        when min(value_a) < max(value_a) and min(value_b) < max(value_b)
            then round(corr(value_a, value_b), 9)
    end as pearson,
    case
        when min(value_a) < max(value_a) and min(value_b) < max(value_b)
            then round(corr(rank_a, rank_b), 9)
    end as spearman

from ranked_values

group by
    feature_a,
    feature_b
