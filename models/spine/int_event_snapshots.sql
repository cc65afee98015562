-- Grain: one row per customer, snapshot date and type of events that are features, with
-- an event in the 365 days before. Only what happened before the snapshot date.

with

types as (

    select distinct event_type from {{ ref('int_event_features') }}

),

-- By day first: a customer may have many events a day.
event_days as (

    select
        events.customer_id,
        events.event_type,
        events.event_at::date as event_date,
        count(*) as event_count,
        count(events.event_value) as value_count,
        sum(events.event_value) as value_sum,
        count(events.tone) as tone_count,
        sum(events.tone) as tone_sum

    from {{ ref('stg_customer_events') }} as events
    inner join types on events.event_type = types.event_type

    group by
        events.customer_id,
        events.event_type,
        events.event_at::date

),

dated as (

    select
        event_days.*,
        dates.snapshot_date,
        {{ dbt.datediff('event_days.event_date', 'dates.snapshot_date', 'day') }}
            as days_ago

    from event_days
    inner join {{ ref('int_snapshot_dates') }} as dates
        on
            event_days.event_date < dates.snapshot_date
            and event_days.event_date
            >= {{ dbt.dateadd('day', -365, 'dates.snapshot_date') }}

),

measured as (

    select
        customer_id,
        snapshot_date,
        event_type,
        {% for days in [30, 90] %}
        coalesce(sum(event_count) filter (where days_ago <= {{ days }}), 0)::bigint
            as count_{{ days }}d,
        {% endfor %}
        min(days_ago) as days_since_last,
        -- Rounded: the last digits of a sum depend on the order of the rows.
        round(
            sum(value_sum) filter (where days_ago <= 90)
            / nullif(sum(value_count) filter (where days_ago <= 90), 0), 6
        ) as mean_value_90d,
        round(
            sum(tone_sum) filter (where days_ago <= 90)
            / nullif(sum(tone_count) filter (where days_ago <= 90), 0), 6
        ) as mean_tone_90d

    from dated

    group by
        customer_id,
        snapshot_date,
        event_type

)

select
    customer_id,
    snapshot_date,
    event_type,
    count_30d,
    count_90d,
    -- One more on either side, so that none is no division by nothing.
    (1.0 + count_30d) / (1.0 + (count_90d - count_30d) / 2.0) as change_30d,
    days_since_last,
    mean_value_90d,
    mean_tone_90d

from measured
