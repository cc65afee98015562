-- How many customers, and how much past revenue, went over to the segments that are
-- about to be lost each month, and how many came back from them?

with

migration as (

    select
        *,
        from_segment in ('At risk', 'Cannot lose them', 'Hibernating', 'Lost')
            as was_at_risk,
        to_segment in ('At risk', 'Cannot lose them', 'Hibernating', 'Lost')
            as is_at_risk

    from {{ ref('rfm_migration') }}

    where from_segment != 'New to the shop'

)

select
    snapshot_date,

    coalesce(sum(customer_count) filter (where is_at_risk and not was_at_risk), 0)
        as gone_customer_count,
    coalesce(sum(net_amount_before) filter (where is_at_risk and not was_at_risk), 0)
        as gone_amount,
    coalesce(sum(customer_count) filter (where was_at_risk and not is_at_risk), 0)
        as won_back_customer_count,
    coalesce(sum(net_amount_before) filter (where was_at_risk and not is_at_risk), 0)
        as won_back_amount

from migration

group by snapshot_date

order by snapshot_date
