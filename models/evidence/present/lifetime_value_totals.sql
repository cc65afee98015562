-- Grain: one row per horizon: the sum of all forecasts beside what the shop took.

with

clock as (

    select * from {{ ref('int_as_of_date') }}

),

purchases as (

    select
        orders.customer_id,
        orders.days_ago,
        orders.net_amount,
        max(orders.days_ago) over (partition by orders.customer_id)
            as first_days_ago

    from {{ ref('int_order_snapshots') }} as orders
    inner join clock on orders.snapshot_date = clock.as_of_date

    where orders.is_purchase

),

chosen as (

    select
        horizon_days,
        model

    from {{ ref('chosen_lifetime_value_models') }}

),

shop as (

    select
        chosen.horizon_days,
        sum(
            case
                when purchases.days_ago <= chosen.horizon_days
                    then purchases.net_amount
            end
        )
            as last_period_amount,
        sum(
            case
                when
                    purchases.days_ago <= chosen.horizon_days
                    and purchases.first_days_ago > chosen.horizon_days
                    then purchases.net_amount
            end
        ) as last_period_known_amount,
        sum(
            case
                when
                    purchases.days_ago between 366 - chosen.horizon_days and 365
                    then purchases.net_amount
            end
        ) as last_year_amount,
        sum(
            case
                when
                    purchases.days_ago between 366 - chosen.horizon_days and 365
                    and purchases.first_days_ago > 365
                    then purchases.net_amount
            end
        ) as last_year_known_amount

    from chosen
    cross join purchases

    group by chosen.horizon_days

),

forecasts as (

    {% for days in lifetime_value_horizons() %}
    select
        {{ days }} as horizon_days,
        count(*) as customer_count,
        coalesce(sum(predicted_amount_{{ days }}d), 0) as predicted_amount

    from {{ ref('customer_lifetime_value') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    chosen.horizon_days,
    chosen.model,
    forecasts.customer_count,
    forecasts.predicted_amount::decimal(38, 4) as predicted_amount,
    shop.last_period_amount::decimal(38, 4) as last_period_amount,
    shop.last_period_known_amount::decimal(38, 4) as last_period_known_amount,
    shop.last_year_amount::decimal(38, 4) as last_year_amount,
    shop.last_year_known_amount::decimal(38, 4) as last_year_known_amount,
    levels.seasonal_amount::decimal(38, 4) as seasonal_naive_amount

from chosen
inner join forecasts on chosen.horizon_days = forecasts.horizon_days
left join shop on chosen.horizon_days = shop.horizon_days
left join {{ ref('int_seasonal_levels') }} as levels
    on
        chosen.horizon_days = levels.horizon_days
        and levels.cutoff_date = {{ as_of_date() }}
