-- Grain: one row per measure that a campaign is judged by: the least difference that
-- the hold-out of the present list can show.

with

last_windows as (

    select
        outcomes.customer_id,
        outcomes.net_amount::double as net_amount,
        (outcomes.order_count > 0)::int::double as order_rate

    from {{ ref('int_customer_outcomes') }} as outcomes
    inner join {{ ref('int_snapshot_dates') }} as dates
        on outcomes.snapshot_date = dates.snapshot_date

    where
        outcomes.horizon_days = 90
        and outcomes.is_observed

    qualify outcomes.snapshot_date = max(outcomes.snapshot_date) over ()

),

groups as (

    select
        count(*) filter (where audiences.assignment = 'contact') as contact_count,
        count(*) filter (where audiences.assignment = 'hold_out') as hold_out_count,
        avg(audiences.expected_uplift)::double * 90 / 365 as expected_difference,
        avg(last_windows.net_amount) as mean_net_amount,
        stddev_samp(last_windows.net_amount) as spread_net_amount,
        avg(last_windows.order_rate) as mean_order_rate,
        stddev_samp(last_windows.order_rate) as spread_order_rate

    from {{ ref('campaign_audiences') }} as audiences
    left join last_windows on audiences.customer_id = last_windows.customer_id

    where
        audiences.is_in_draw
        and audiences.assignment in ('contact', 'hold_out')

),

measures as (

    select
        'net_amount' as measure,
        contact_count,
        hold_out_count,
        mean_net_amount as mean_value,
        spread_net_amount as standard_deviation,
        expected_difference

    from groups

    union all

    select
        'order_rate' as measure,
        contact_count,
        hold_out_count,
        mean_order_rate as mean_value,
        spread_order_rate as standard_deviation,
        null as expected_difference

    from groups

)

-- 2.8016 standard errors: 1.9600 for 5 % two-sided, 0.8416 for 80 % power.
select
    measure,

    contact_count,
    hold_out_count,
    round(mean_value, 9) as mean_value,
    round(standard_deviation, 9) as standard_deviation,
    round(
        2.8016 * standard_deviation
        * sqrt(1.0 / contact_count + 1.0 / hold_out_count), 9
    ) as detectable_difference,
    round(expected_difference, 9) as expected_difference,
    ceil(
        round(
            power(2.8016 * standard_deviation / nullif(expected_difference, 0), 2)
            * power(contact_count + hold_out_count, 2)
            / (contact_count::double * hold_out_count), 6
        )
    )::bigint as needed_customer_count

from measures

where
    contact_count > 0
    and hold_out_count > 0
