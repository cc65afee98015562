-- Grain: one row per sampled customer and name of the seed segment_names that is true
-- of the customer: whose conditions all hold. What is not known holds nowhere.

with

feature_values as (

    {{ sampled_feature_values() }}

),

medians as (

    select
        feature,
        median(feature_value) as all_median_value

    from feature_values

    group by feature

),

conditions as (

    select
        rules.segment_name,
        rules.sort_order,
        rules.feature,
        coalesce(rules.min_value, rules.min_times_median * medians.all_median_value)
            as min_value,
        coalesce(rules.max_value, rules.max_times_median * medians.all_median_value)
            as max_value,
        count(*) over (partition by rules.segment_name) as condition_count

    from {{ ref('segment_names') }} as rules
    left join medians on rules.feature = medians.feature

)

select
    feature_values.customer_id,
    conditions.segment_name,
    conditions.sort_order

from feature_values
inner join conditions on feature_values.feature = conditions.feature

where
    feature_values.feature_value
    between coalesce(conditions.min_value, feature_values.feature_value)
    and coalesce(conditions.max_value, feature_values.feature_value)

group by
    feature_values.customer_id,
    conditions.segment_name,
    conditions.sort_order,
    conditions.condition_count

having count(*) = conditions.condition_count
