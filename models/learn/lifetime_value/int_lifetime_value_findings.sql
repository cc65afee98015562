-- Grain: one row per check of what the data allow: the finding, its limits, and what
-- follows in words.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

snapshots as (

    select snapshots.*

    from {{ ref('int_customer_snapshots') }} as snapshots
    inner join clock on snapshots.snapshot_date = clock.as_of_date

),

ranked as (

    select
        *,
        rank() over (order by net_amount desc) as place,
        count(*) over () as customer_count

    from snapshots

),

customers as (

    select
        count(*) as customer_count,
        avg((order_count = 1)::int) as one_time_share,
        -- Random orders vary as much as their mean; regular ones less.
        percentile_cont(0.5) within group (
            order by stddev_days_between_orders / nullif(mean_days_between_orders, 0)
        ) filter (where order_count >= 5) as variation,
        sum(case when place <= ceil(customer_count / 100.0) then net_amount else 0 end)
        ::double / nullif(sum(net_amount), 0)::double as top_share,
        corr(order_count, ln(average_order_amount::double)) filter (
            where order_count > 1
        ) as value_correlation

    from ranked

),

order_model as (

    select
        max(order_models.is_converged::int) as is_converged,
        {% set months = [] %}
        {% for month in range(1, 13) %}{% do months.append('season_' ~ month) %}
        {%- endfor %}
        max(greatest({{ months | join(', ') }}) / least({{ months | join(', ') }}))
            as season_strength,
        max(order_models.repeater_count) as repeater_count

    from {{ ref('int_order_models') }} as order_models
    inner join clock on order_models.snapshot_date = clock.as_of_date

    where order_models.model = '{{ var("lifetime_value_order_model") }}'

),

value_model as (

    select max(value_models.is_converged::int) as is_converged

    from {{ ref('int_value_models') }} as value_models
    inner join clock on value_models.snapshot_date = clock.as_of_date

),

history as (

    select
        max({{ dbt.datediff('first_order_date', 'as_of_date', 'day') }}) as day_count

    from clock

),

chosen as (

    select * from {{ ref('chosen_lifetime_value_models') }}

),

-- Each horizon is served by the model that was best for it.
parted as (

    {% for shorter, longer in [(90, 180), (180, 365)] %}
    select
        {{ longer }} as horizon_days,
        avg(
            (predicted_amount_{{ longer }}d < predicted_amount_{{ shorter }}d)::int
        ) as customer_share

    from {{ ref('int_served_amounts') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    'prices' as check_name,
    'yes or no' as unit,
    facts.has_prices::int::double as finding,
    1.0 as good_to,
    0.0 as poor_from,
    'The log says what things cost.' as follows_if_good,
    'The log has neither prices nor amounts: amounts are empty wherever they are '
    || 'published, and 0 where they are counted with.' as follows_if_not_good,
    'There are no orders.' as follows_if_unknown

from {{ ref('int_log_facts') }} as facts

union all

select
    'history' as check_name,
    'days' as unit,
    history.day_count::double as finding,
    730.0 as good_to,
    365.0 as poor_from,
    'Two years or more: the season is known, forecasts of a year can be tried.'
        as follows_if_good,
    'Less than two years: a season seen once counts in part, and the forecast of a '
    || 'year stands on few trials or none.' as follows_if_not_good,
    'There are no orders: nothing is forecast.' as follows_if_unknown

from history

union all

select
    'repeat_customers' as check_name,
    'customers' as unit,
    order_model.repeater_count::double as finding,
    1000.0 as good_to,
    {{ var('lifetime_value_min_repeaters') }} - 0.5 as poor_from,
    'Enough repeat orders for the models of repeat orders.' as follows_if_good,
    'Few repeat orders: parameters and forecasts are rough; below '
    || '{{ var("lifetime_value_min_repeaters") }} there is no model and the amount a '
    || 'day so far goes on.' as follows_if_not_good,
    'There are no customers with a purchase.' as follows_if_unknown

from order_model

union all

select
    'one_time_buyer_share' as check_name,
    'share' as unit,
    customers.one_time_share::double as finding,
    0.5 as good_to,
    0.8 as poor_from,
    'Most customers order again: their own history says most.' as follows_if_good,
    'Most customers ordered once: forecasts of single customers are close to the mean '
    || 'of all like them; use sums and tiers.' as follows_if_not_good,
    'There are no customers with a purchase.' as follows_if_unknown

from customers

union all

select
    'regularity' as check_name,
    'ratio' as unit,
    customers.variation::double as finding,
    0.6 as good_to,
    0.3 as poor_from,
    'Days between orders vary about as much as random orders do, as the models assume.'
        as follows_if_good,
    'Customers order more regularly than the models assume: the windows of the next '
    || 'order are wider than they need be.' as follows_if_not_good,
    'Nobody has ordered five times: regularity cannot be told.' as follows_if_unknown

from customers

union all

select
    'season_strength' as check_name,
    'ratio' as unit,
    order_model.season_strength::double as finding,
    1.5 as good_to,
    3.0 as poor_from,
    'The best month is expected to bring less than 1.5 times the weakest.'
        as follows_if_good,
    'A strong season: forecasts follow it, and a year that differs from the last ones '
    || 'shows in the totals. See lifetime_value_season.' as follows_if_not_good,
    'There are no customers with a purchase.' as follows_if_unknown

from order_model

union all

select
    'wholesale_share' as check_name,
    'share' as unit,
    customers.top_share::double as finding,
    0.2 as good_to,
    0.5 as poor_from,
    'The best hundredth of the customers brings less than a fifth.' as follows_if_good,
    'A hundredth of the customers brings more than a fifth: totals hang on a few '
    || 'names; look at them one by one.' as follows_if_not_good,
    'There are no customers with a purchase.' as follows_if_unknown

from customers

union all

select
    'value_independence' as check_name,
    'correlation' as unit,
    -- Not a number where all customers order as often, or spend as much per order.
    case
        when not isnan(customers.value_correlation)
            then abs(customers.value_correlation)
    end::double as finding,
    0.2 as good_to,
    0.5 as poor_from,
    'What customers spend per order has little to do with how often they order, as '
    || 'gamma-gamma assumes.' as follows_if_good,
    'Frequent customers spend otherwise per order than rare ones, against what '
    || 'gamma-gamma assumes: look at the calibration of the best tenth.'
        as follows_if_not_good,
    'Too few repeat customers to tell.' as follows_if_unknown

from customers

union all

select
    'convergence_orders' as check_name,
    'yes or no' as unit,
    order_model.is_converged::double as finding,
    1.0 as good_to,
    0.0 as poor_from,
    'The model of repeat orders converged from several starts.' as follows_if_good,
    'The model of repeat orders was not fitted or did not converge: see '
    || 'int_order_models for the reason.' as follows_if_not_good,
    'There are no customers with a purchase.' as follows_if_unknown

from order_model

union all

select
    'convergence_values' as check_name,
    'yes or no' as unit,
    value_model.is_converged::double as finding,
    1.0 as good_to,
    0.0 as poor_from,
    'The model of order values converged from several starts.' as follows_if_good,
    'The model of order values was not fitted or did not converge: the mean of all '
    || 'orders stands in.' as follows_if_not_good,
    'There are no customers with a purchase.' as follows_if_unknown

from value_model

union all

select
    'trials_' || chosen.horizon_days::string || 'd' as check_name,
    'cut-offs' as unit,
    chosen.cutoff_count::double as finding,
    {{ var('lifetime_value_cutoff_count') }}::double as good_to,
    0.0 as poor_from,
    'Tried at enough dates of the past: ' || chosen.model || ' serves.'
        as follows_if_good,
    'Tried at few dates of the past or none: ' || chosen.model || ' serves, '
    || chosen.status || '.' as follows_if_not_good,
    '' as follows_if_unknown

from chosen

union all

select
    'interval_coverage_' || chosen.horizon_days::string || 'd' as check_name,
    'share' as unit,
    chosen.interval_coverage::double as finding,
    0.75 as good_to,
    0.6 as poor_from,
    'About 80 % of the amounts came within their interval, at dates after those it was '
    || 'made from.' as follows_if_good,
    'Fewer amounts than promised came within their interval: read it as narrower than '
    || '80 %.' as follows_if_not_good,
    'No date of the past has earlier ones whose outcome it could know: the coverage of '
    || 'the interval is not measured.' as follows_if_unknown

from chosen

union all

select
    'less_in_' || parted.horizon_days::string || 'd' as check_name,
    'share' as unit,
    parted.customer_share as finding,
    0.01 as good_to,
    0.2 as poor_from,
    'Nearly everybody is expected to bring more in a longer time.' as follows_if_good,
    'This share of the customers is expected to bring less in '
    || parted.horizon_days::string
    || ' days than in the horizon before, since another model serves each: compare '
    || 'customers within a horizon, not horizons of a customer.'
        as follows_if_not_good,
    'There are no customers with a purchase.' as follows_if_unknown

from parted
