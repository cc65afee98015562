-- Who was a champion within the last year and is none any more, since when, and where
-- are they now?

with

history as (

    select * from {{ ref('customer_rfm_history') }}

),

clock as (

    select max(snapshot_date) as today from history

),

today as (

    select * from {{ ref('customer_rfm') }}

    where rfm_segment != 'Champions'

),

last_as_champion as (

    select
        history.customer_id,
        max(history.snapshot_date) as last_champion_date

    from history
    cross join clock

    where
        history.rfm_segment = 'Champions'
        and history.snapshot_date >= {{ dbt.dateadd('year', -1, 'clock.today') }}

    group by history.customer_id

)

select
    today.customer_id,
    today.rfm_segment as segment_now,

    today.order_count,
    today.net_amount,
    today.recency_days,
    last_as_champion.last_champion_date

from today
inner join last_as_champion on today.customer_id = last_as_champion.customer_id

order by
    today.net_amount desc,
    today.customer_id asc
