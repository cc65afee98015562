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
        {% for window, first, last, start in [
            ('last_period', '1', 'chosen.horizon_days', 'chosen.horizon_days'),
            ('last_year', '366 - chosen.horizon_days', '365', '365'),
        ] %}
        {% set within = 'purchases.days_ago between ' ~ first ~ ' and ' ~ last %}
        sum(purchases.net_amount) filter (where {{ within }}) as {{ window }}_amount,
        sum(purchases.net_amount) filter (
            where {{ within }}
            and purchases.first_days_ago > {{ start }}
        ) as {{ window }}_known_amount,
        {% endfor %}
        chosen.horizon_days

    from chosen
    cross join purchases

    group by chosen.horizon_days

),

-- What came of such totals at past dates, as a share of the forecast.
trials as (

    select
        metrics.horizon_days,
        min(1 / (1 + metrics.bias)) as lowest_ratio,
        max(1 / (1 + metrics.bias)) as highest_ratio

    from {{ ref('lifetime_value_metrics') }} as metrics
    inner join chosen
        on
            metrics.horizon_days = chosen.horizon_days
            and metrics.model = chosen.model

    where
        metrics.cutoff_date is not null
        and metrics.bias > -1

    group by metrics.horizon_days

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
    {% for bound, ratio in {'low': 'lowest', 'high': 'highest'}.items() %}
    round(forecasts.predicted_amount::double * trials.{{ ratio }}_ratio, 4)
    ::decimal(38, 4) as predicted_amount_{{ bound }},
    {% endfor %}
    shop.last_period_amount::decimal(38, 4) as last_period_amount,
    shop.last_period_known_amount::decimal(38, 4) as last_period_known_amount,
    shop.last_year_amount::decimal(38, 4) as last_year_amount,
    shop.last_year_known_amount::decimal(38, 4) as last_year_known_amount,
    levels.seasonal_amount::decimal(38, 4) as seasonal_naive_amount

from chosen
inner join forecasts on chosen.horizon_days = forecasts.horizon_days
left join trials on chosen.horizon_days = trials.horizon_days
left join shop on chosen.horizon_days = shop.horizon_days
left join {{ ref('int_seasonal_levels') }} as levels
    on
        chosen.horizon_days = levels.horizon_days
        and levels.cutoff_date = {{ as_of_date() }}
