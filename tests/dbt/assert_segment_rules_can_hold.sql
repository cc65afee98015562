-- A misspelt feature, bounds that cross or lines of a rule in two places would silently
-- make a rule that never names anybody; two rules in one place, a name left to chance.

with

conditions as (

    select * from {{ ref('segment_names') }}

)

select
    segment_name,
    'no such feature: ' || feature as failure

from conditions

where
    feature not like 'attribute.%'
    and feature not in (
        {% for feature in snapshot_features() %}
        '{{ feature }}'{{ ',' if not loop.last }}
        {% endfor %}
    )

union all

select
    segment_name,
    'bounds cross: ' || feature as failure

from conditions

where
    min_value > max_value
    or min_times_median > max_times_median

union all

select
    segment_name,
    'two bounds of one side: ' || feature as failure

from conditions

where
    (min_value is not null and min_times_median is not null)
    or (max_value is not null and max_times_median is not null)

union all

select
    segment_name,
    'more than one sort_order' as failure

from conditions

group by segment_name

having count(distinct sort_order) <> 1

union all

select
    string_agg(distinct segment_name, ', ') as segment_name,
    'one sort_order' as failure

from conditions

group by sort_order

having count(distinct segment_name) > 1
