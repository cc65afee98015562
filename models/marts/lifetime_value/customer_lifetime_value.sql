-- Grain: one row per customer with a purchase, as of the as-of date.

{% if not has_area('lifetime_value') %}
{{ no_rows() }}
{% else %}

{% set longest = lifetime_value_horizons() | last %}

with

snapshots as (

    select
        snapshots.customer_id,
        snapshots.order_count,
        snapshots.net_amount as historic_amount,
        snapshots.snapshot_date as as_of_date,
        histories.customer_number

    from {{ ref('int_customer_snapshots') }} as snapshots
    inner join {{ ref('int_purchase_histories') }} as histories
        on
            snapshots.customer_id = histories.customer_id
            and snapshots.snapshot_date = histories.snapshot_date

    where snapshots.snapshot_date = {{ as_of_date() }}

),

windows as (

    select
        {% for point in ['start', 'middle', 'end'] %}
        cast({{ dbt.dateadd('day', point ~ '_days', 'cutoff_date') }} as date)
            as next_order_window_{{ point }},
        {% endfor %}
        customer_id

    from {{ ref('int_next_order_windows') }}

    where is_as_of_date

),

joined as (

    select
        snapshots.*,
        forecasts.probability_alive,
        forecasts.expected_order_value,
        forecasts.residual_value,
        {% for days in lifetime_value_horizons() %}
        forecasts.expected_orders_{{ days }}d,
        amounts.predicted_amount_{{ days }}d,
        amounts.low_amount_{{ days }}d,
        amounts.high_amount_{{ days }}d,
        amounts.nothing_probability_{{ days }}d,
        {% endfor %}
        windows.next_order_window_start,
        windows.next_order_window_middle,
        windows.next_order_window_end,
        model_runs.model as model_name,
        model_runs.model_run_id,
        -- By the middle of equal amounts: nobody is on top where all are alike.
        ({{ mean_rank('-amounts.predicted_amount_' ~ longest ~ 'd', 'true') }} - 0.5)
        / count(*) over () as share_above

    from snapshots
    inner join {{ ref('int_served_amounts') }} as amounts
        on snapshots.customer_number = amounts.customer_number
    left join {{ ref('int_repeat_order_forecasts') }} as forecasts
        on snapshots.customer_number = forecasts.customer_number
    left join windows on snapshots.customer_id = windows.customer_id
    left join {{ ref('int_lifetime_value_model_runs') }} as model_runs
        on model_runs.is_serving and model_runs.target = 'amount_{{ longest }}d'

)

select
    customer_id,
    model_run_id,
    model_name,
    case
        when predicted_amount_{{ longest }}d is null then 'rest'
        {% for percent in [1, 5, 10, 25, 50] %}
        when share_above < {{ percent / 100 }} then 'top {{ percent }}%'
        {% endfor %}
        else 'rest'
    end as value_tier,

    order_count,
    historic_amount,
    probability_alive,
    {% for days in lifetime_value_horizons() %}
    expected_orders_{{ days }}d,
    {% endfor %}
    expected_order_value::decimal(38, 4) as expected_order_value,
    {% for days in lifetime_value_horizons() %}
    predicted_amount_{{ days }}d,
    low_amount_{{ days }}d as predicted_amount_{{ days }}d_low,
    high_amount_{{ days }}d as predicted_amount_{{ days }}d_high,
    nothing_probability_{{ days }}d,
    {% endfor %}
    residual_value,

    next_order_window_start,
    next_order_window_middle,
    next_order_window_end,
    as_of_date

from joined
{% endif %}
