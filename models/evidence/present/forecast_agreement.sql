-- Grain: one row per date that forecasts of 90 days were tried at, or as-of date, and
-- measure: what an area expects of a customer on average, beside what came.

{% if not has_area('predictions') %}
{{ no_rows() }}
{% else %}

{% set within = dbt.datediff('dates.forecast_date', 'days.ordered_date', 'day')
    ~ ' between 0 and 89' %}
{% set outcome = "avg(case said.measure when 'buyers' then customers.buyers"
    ~ " when 'orders' then customers.orders when 'alive' then customers.alive"
    ~ " else customers.amount end)" %}
{% set fitted = 'horizon_days = 90 and model = ' ~ order_model() %}
{% set served = "target = 'purchase_90d' and exists (select 1 from "
    ~ ref('chosen_models') ~ " as chosen where chosen.target = source.target"
    ~ " and chosen.model = source.model and chosen.variant = source.variant)" %}
{% set agrees = 'expected_per_buyer between min(came_per_buyer) over'
    ~ ' (partition by measure) and max(came_per_buyer) over (partition by measure)' %}

with

said as (

    {% for measure, date, expected, source, condition in [
        ('orders', 'cutoff_date', 'expected_orders', ref('int_order_forecasts'), fitted),
        ('alive', 'cutoff_date', 'probability_alive', ref('int_order_forecasts'), fitted),
        ('amount', 'cutoff_date', 'predicted_amount',
         ref('lifetime_value_actual_vs_predicted'), 'horizon_days = 90'),
        ('amount', 'as_of_date', 'predicted_amount_90d',
         ref('customer_lifetime_value'), 'true'),
        ('buyers', 'cutoff_date', 'probability', ref('int_classifier_predictions'), served),
        ('buyers', 'as_of_date', 'probability', ref('customer_predictions'),
         "target = 'purchase_90d'"),
    ] %}
    select
        source.{{ date }} as forecast_date,
        '{{ measure }}' as measure,
        avg(source.{{ expected }}::double) as expected

    from {{ source }} as source

    where {{ condition }}

    group by source.{{ date }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

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

    group by customer_id, ordered_date

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
    group by all

),

compared as (

    select
        said.forecast_date,
        said.measure,
        said.forecast_date = {{ as_of_date() }} as is_as_of_date,
        round(said.expected, 9) as expected,
        round({{ outcome }}, 9) as came,
        count(customers.customer_id) as customer_count,
        round(
            said.expected / nullif(max(
                max(case when said.measure = 'buyers' then said.expected end)
            ) over (partition by said.forecast_date), 0), 9
        ) as expected_per_buyer,
        round({{ outcome }} / nullif(avg(customers.buyers), 0), 9) as came_per_buyer

    from said
    left join customers on said.forecast_date = customers.forecast_date

    group by
        said.forecast_date,
        said.measure,
        said.expected

)

select
    *,
    case
        when not is_as_of_date or measure in ('buyers', 'alive') then null
        when {{ agrees }} then 'agree'
        when not ({{ agrees }}) then 'part'
    end as status

from compared
{% endif %}
