-- Grain: one row per past date, slot and customer who bought something in that slot.

with

targets as (

    select * from {{ ref('int_recommendation_targets') }}

),

slots as (

    select
        *,
        'total' as slot

    from targets

    union all

    select
        *,
        case when is_repeat then 'repeat' else 'discovery' end as slot

    from targets

)

select
    cutoff_number,
    slot,
    customer_number,
    count(*) as target_count

from slots

group by
    cutoff_number,
    slot,
    customer_number
