-- Grain: one row per customer and snapshot date, from the first purchase on.

with

snapshots as (

    select
        snapshots.customer_id,
        snapshots.snapshot_date,
        snapshots.recency_days,
        snapshots.order_count,
        snapshots.net_amount

    from {{ ref('int_customer_snapshots') }} as snapshots
    inner join {{ ref('int_snapshot_dates') }} as dates
        on snapshots.snapshot_date = dates.snapshot_date

),

scored as (

    select
        customer_id,
        snapshot_date,
        recency_days,
        order_count,
        net_amount,
        {{ tie_safe_score('recency_days', 'snapshot_date', higher_is_better=false) }}
            as recency_score,
        {{ tie_safe_score('order_count', 'snapshot_date') }} as frequency_score,
        {{ tie_safe_score('net_amount', 'snapshot_date') }} as monetary_score,
        {{ all_alike('recency_days', 'snapshot_date') }}
        and {{ all_alike('order_count', 'snapshot_date') }}
        and {{ all_alike('net_amount', 'snapshot_date') }} as is_alike

    from snapshots

),

combined as (

    select
        *,
        -- How much a customer buys, in one score: the mean of both, halves upward.
        floor((frequency_score + monetary_score + 1) / 2.0)::int
            as frequency_monetary_score

    from scored

)

select
    combined.customer_id,

    combined.recency_score::string
    || combined.frequency_score::string
    || combined.monetary_score::string as rfm_score,
    segments.rfm_segment,

    combined.recency_days,
    combined.order_count,
    combined.net_amount,
    combined.recency_score,
    combined.frequency_score,
    combined.monetary_score,
    combined.frequency_monetary_score,

    combined.snapshot_date

from combined
-- A segment without a range of scores is that of customers who are all alike.
left join {{ ref('rfm_segments') }} as segments
    on
        case when combined.is_alike then 0 else combined.recency_score end
        between segments.recency_score_min and segments.recency_score_max
        and case
            when combined.is_alike then 0 else combined.frequency_monetary_score
        end
        between segments.frequency_monetary_score_min
        and segments.frequency_monetary_score_max
