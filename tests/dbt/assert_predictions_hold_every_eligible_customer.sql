-- Every target that is served has one row for each eligible customer, and no one else;
-- what is not served has none. Eligibility is worked out anew from the customers.

with

expected as (

    select
        targets.target,
        count(*) as row_count

    from {{ ref('prediction_targets') }} as targets
    inner join {{ ref('chosen_models') }} as chosen
        on
            targets.target = chosen.target
            and chosen.status <> 'not served'
    inner join {{ ref('int_customer_snapshots') }} as customers
        on customers.snapshot_date = {{ as_of_date() }}
    inner join {{ ref('int_active_windows') }} as active_windows
        on customers.snapshot_date = active_windows.snapshot_date

    where
        targets.population = 'customer'
        and case targets.eligibility
            when 'everyone' then true
            when 'one_order' then customers.order_count = 1
            when 'repeat' then customers.order_count > 1
            else customers.recency_days <= active_windows.active_days
        end

    group by targets.target

    union all

    select
        chosen.target,
        count(*) as row_count

    from {{ ref('chosen_models') }} as chosen
    cross join {{ ref('int_label_customers') }}

    where
        {{ is_label('chosen.target') }}
        and chosen.status <> 'not served'

    group by chosen.target

),

served as (

    select
        target,
        count(*) as row_count

    from {{ ref('customer_predictions') }}

    group by target

)

select
    coalesce(expected.target, served.target) as target,
    expected.row_count as expected_count,
    served.row_count as served_count

from expected
full outer join served on expected.target = served.target

where coalesce(expected.row_count, 0) <> coalesce(served.row_count, 0)
