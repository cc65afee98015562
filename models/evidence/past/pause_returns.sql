-- Grain: one row per cut-off and whether customers were active then: what became of a
-- pause of 90 days within the year, and how true the amount at risk was.

{% if not has_area('predictions') %}
{{ no_rows() }}
{% else %}
{% set came = 'sum(case when %s then actual_amount end)::double
        / nullif(sum(case when %s then predicted_amount end), 0)::double' %}
{% set paused = came | replace('%s', 'has_paused') %}
{% set ordering = came | replace('%s', 'not has_paused') %}
{% set remaining = 'round(least(' ~ paused ~ ' / nullif(' ~ ordering ~ ', 0), 1), 9)' %}
{% set amount = '(' ~ amount_if_ordering(
    'customers.predicted_amount', 'customers.risk_probability',
    'round(shares.other_share, 9)'
) ~ ')::decimal(38, 4)' %}

with

customers as (

    select
        forecasts.cutoff_date,
        snapshots.recency_days <= windows.active_days as is_active,
        outcomes.order_count = 0 as has_paused,
        forecasts.predicted_amount,
        forecasts.actual_amount,
        1 - purchases.probability as risk_probability

    from {{ ref('lifetime_value_actual_vs_predicted') }} as forecasts
    inner join {{ ref('int_customer_outcomes') }} as outcomes
        on
            forecasts.customer_id = outcomes.customer_id
            and forecasts.cutoff_date = outcomes.snapshot_date
            and outcomes.horizon_days = 90
            and outcomes.is_observed
    inner join {{ ref('int_customer_snapshots') }} as snapshots
        on
            forecasts.customer_id = snapshots.customer_id
            and forecasts.cutoff_date = snapshots.snapshot_date
    inner join {{ ref('int_active_windows') }} as windows
        on forecasts.cutoff_date = windows.snapshot_date
    left join {{ ref('int_purchase_probability_baseline') }} as purchases
        on
            forecasts.customer_id = purchases.customer_id
            and forecasts.cutoff_date = purchases.cutoff_date
            and purchases.horizon_days = 90

    where forecasts.horizon_days = 365

),

shares as (

    select
        cutoff_date,
        is_active,
        count(*) as customer_count,
        count(*) filter (where has_paused) as pause_count,
        count(*) filter (where has_paused and actual_amount > 0) as return_count,
        {{ paused }} as paused_amount_share,
        {{ ordering }} as ordering_amount_share,
        {{ remaining }} as remaining_share,
        -- As known of the other dates.
        (sum({{ remaining }}) over (partition by is_active) - {{ remaining }})
        / nullif(count(*) over (partition by is_active) - 1, 0) as other_share

    from customers

    group by
        cutoff_date,
        is_active

),

amounts as (

    select
        customers.cutoff_date,
        customers.is_active,
        sum({{ amount }} - customers.predicted_amount)::decimal(38, 4)
            as amount_at_risk,
        (
            sum({{ amount }} - customers.actual_amount)
            filter (where customers.has_paused)
        )::decimal(38, 4) as amount_lost

    from customers
    inner join shares
        on
            customers.cutoff_date = shares.cutoff_date
            and customers.is_active = shares.is_active

    group by
        customers.cutoff_date,
        customers.is_active

)

select
    shares.cutoff_date,
    shares.customer_count,
    shares.pause_count,
    shares.return_count,
    shares.pause_count::double / shares.customer_count as pause_rate,
    shares.return_count::double / nullif(shares.pause_count, 0) as return_rate,
    shares.paused_amount_share,
    shares.ordering_amount_share,
    shares.remaining_share,
    amounts.amount_at_risk,
    amounts.amount_lost,
    round((amounts.amount_at_risk / nullif(amounts.amount_lost, 0) - 1)::double, 4)
        as amount_at_risk_bias,
    shares.is_active

from shares
inner join amounts
    on
        shares.cutoff_date = amounts.cutoff_date
        and shares.is_active = amounts.is_active
{% endif %}
