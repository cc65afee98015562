-- Grain: one row per feature and histogram bin; 20 bins of equal width between the 1st
-- and the 99th percentile, the customers beyond them in the first and the last bin.

{% set bin_count = 20 %}

with

feature_values as (

    select * from {{ ref('int_customer_feature_values') }}

),

ranges as (

    select
        feature,
        percentile_cont(0.01) within group (order by feature_value) as range_start,
        percentile_cont(0.99) within group (order by feature_value) as range_end,
        count(*) as known_customer_count

    from feature_values

    group by feature

),

binned as (

    select
        feature_values.feature,
        ranges.range_start,
        ranges.known_customer_count,
        (ranges.range_end - ranges.range_start) / {{ bin_count }} as bin_width,
        -- A feature that is the same for everyone has a single bin.
        case
            when ranges.range_end = ranges.range_start then 1
            else
                greatest(1, least({{ bin_count }}, 1 + floor(
                    {{ bin_count }}
                    * (feature_values.feature_value - ranges.range_start)
                    / (ranges.range_end - ranges.range_start)
                )))
        end::int as bin_number,
        feature_values.feature_value

    from feature_values
    inner join ranges on feature_values.feature = ranges.feature

)

select
    feature,
    bin_number,

    max(range_start + (bin_number - 1) * bin_width) as bin_start,
    max(range_start + bin_number * bin_width) as bin_end,
    min(feature_value) as lowest_value,
    max(feature_value) as highest_value,
    count(*) as customer_count,
    count(*)::double / max(known_customer_count) as customer_share

from binned

group by
    feature,
    bin_number
