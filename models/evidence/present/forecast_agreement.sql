-- Grain: one row per date that forecasts of 90 days were tried at, or as-of date, and
-- measure: what an area expects of a customer on average, beside what came.

{% set within -%}
days.ordered_date >= dates.forecast_date and {{ dbt.datediff(
    'dates.forecast_date', 'days.ordered_date', 'day'
) }} < 90
{%- endset %}

with

said as (

    {% for measure, date, expected, source, condition in [
        ('orders', 'cutoff_date', 'expected_orders', ref('int_order_forecasts'),
         "horizon_days = 90 and model = '" ~ var('lifetime_value_order_model') ~ "'"),
        ('alive', 'cutoff_date', 'probability_alive', ref('int_order_forecasts'),
         "horizon_days = 90 and model = '" ~ var('lifetime_value_order_model') ~ "'"),
        ('amount', 'cutoff_date', 'predicted_amount',
         ref('lifetime_value_actual_vs_predicted'), 'horizon_days = 90'),
        ('amount', 'as_of_date', 'predicted_amount_90d',
         ref('customer_lifetime_value'), 'true'),
        ('buyers', 'as_of_date', 'probability', ref('customer_predictions'),
         "target = 'purchase_90d'"),
    ] %}
    select
        {{ date }} as forecast_date,
        '{{ measure }}' as measure,
        avg({{ expected }}::double) as expected

    from {{ source }}

    where {{ condition }}

    group by {{ date }}

    union all

    {% endfor %}
    select
        predictions.cutoff_date as forecast_date,
        'buyers' as measure,
        avg(predictions.probability) as expected

    from {{ ref('int_classifier_predictions') }} as predictions
    inner join {{ ref('chosen_models') }} as chosen
        on
            predictions.target = chosen.target
            and predictions.model = chosen.model
            and predictions.variant = chosen.variant

    where predictions.target = 'purchase_90d'

    group by predictions.cutoff_date

),

-- Orders of the same day count once, as in the forecast.
purchase_days as (

    select
        customer_id,
        ordered_date,
        sum(net_amount)::double as net_amount,
        min(ordered_date) over (partition by customer_id) as first_date

    from {{ ref('int_order_snapshots') }}

    where is_purchase and snapshot_date = {{ as_of_date() }}

    group by
        customer_id,
        ordered_date

),

customers as (

    select
        dates.forecast_date,
        days.customer_id,
        count(case when {{ within }} then 1 end) as orders,
        max(case when {{ within }} then 1 else 0 end) as buyers,
        coalesce(sum(case when {{ within }} then days.net_amount end), 0) as amount,
        max((days.ordered_date >= dates.forecast_date)::int) as alive

    from (select distinct said.forecast_date from said) as dates
    inner join purchase_days as days on dates.forecast_date > days.first_date

    where dates.forecast_date < {{ as_of_date() }}

    group by
        dates.forecast_date,
        days.customer_id

)

select
    said.forecast_date,
    said.measure,
    case when said.measure = 'buyers' then 'predictions' else 'lifetime_value' end
        as area,
    round(said.expected, 9) as expected,
    round(avg(
        case said.measure
            {% for measure in ['buyers', 'orders', 'amount', 'alive'] %}
            when '{{ measure }}' then customers.{{ measure }}
            {% endfor %}
        end
    ), 9) as came,
    count(customers.customer_id) as customer_count,
    said.forecast_date = {{ as_of_date() }} as is_as_of_date

from said
left join customers on said.forecast_date = customers.forecast_date

group by
    said.forecast_date,
    said.measure,
    said.expected
