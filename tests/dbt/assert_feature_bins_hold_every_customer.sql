-- The bins of a feature hold every customer for whom it is known, once.

with

bins as (

    select
        feature,
        sum(customer_count) as customer_count

    from {{ ref('feature_distributions') }}

    group by feature

),

known as (

    select
        feature,
        count(*) as customer_count

    from {{ ref('int_customer_feature_values') }}

    group by feature

)

select
    known.feature,
    bins.feature as binned_feature

from known
full outer join bins on known.feature = bins.feature

where known.customer_count is distinct from bins.customer_count
