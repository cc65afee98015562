-- Grain: one row per model of repeat orders that may serve columns about orders: how
-- wrong the orders of the shortest horizon were that it expected at the cut-offs.

{% set days = lifetime_value_horizons() | first %}

with

-- BG/NBD holds every one-time buyer for alive for ever.
models as (

    select
        model,
        k,
        log_likelihood

    from {{ ref('int_order_models') }}

    where
        snapshot_date = {{ learning_date() }}
        and model <> 'bg_nbd'

),

forecasts as (

    select
        scored.cutoff_date,
        scored.customer_id,
        forecasts.model,
        greatest(forecasts.expected_orders, 1e-9) as expected_orders

    from {{ ref('int_order_forecasts') }} as forecasts
    inner join {{ ref('int_lifetime_value_scored') }} as scored
        on
            forecasts.cutoff_date = scored.cutoff_date
            and forecasts.horizon_days = scored.horizon_days
            and forecasts.customer_number = scored.customer_number

    where
        not forecasts.is_as_of_date
        and forecasts.horizon_days = {{ days }}

),

-- Orders of the same day count once, as in the forecast.
customers as (

    select
        forecasts.*,
        count(distinct orders.ordered_date) as orders

    from forecasts
    left join {{ ref('int_order_snapshots') }} as orders
        on
            forecasts.customer_id = orders.customer_id
            and orders.is_purchase
            and orders.snapshot_date = {{ learning_date() }}
            and {{ dbt.datediff(
                'forecasts.cutoff_date', 'orders.ordered_date', 'day'
            ) }} between 0 and {{ days - 1 }}

    group by all

),

-- The deviance of Poisson: of two with the same total, the one is nearer whose single
-- customers are. Whole digits, so that sums do not depend on the order they are added
-- in.
by_date as (

    select
        model,
        cutoff_date,
        sum(round(expected_orders, 9)::decimal(24, 9))::double
        / nullif(sum(orders), 0) - 1 as bias,
        2 * avg((
            orders * ln(greatest(orders, 1) / expected_orders)
            - (orders - expected_orders)
        )::decimal(24, 9)) as deviance

    from customers

    group by
        model,
        cutoff_date

),

measured as (

    select
        model,
        count(*) as cutoff_count,
        round(avg(abs(bias)::decimal(18, 9)), 9) as mean_absolute_bias,
        round(first(bias order by abs(bias) desc nulls last, bias desc), 9)
            as worst_bias,
        round(avg(deviance::decimal(24, 9)), 6) as mean_deviance

    from by_date

    group by model

)

select
    models.model,
    models.k::integer as k,
    round(models.log_likelihood, 6) as log_likelihood,
    coalesce(measured.cutoff_count, 0) as cutoff_count,
    measured.mean_absolute_bias,
    measured.worst_bias,
    measured.mean_deviance,
    -- Untried, the simpler one.
    row_number() over (
        order by measured.mean_deviance asc nulls last, models.k asc, models.model asc
    ) = 1 as is_chosen

from models
left join measured on models.model = measured.model
