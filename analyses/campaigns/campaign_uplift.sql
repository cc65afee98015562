-- Did the campaign pay? What the contacted ordered after it, beside the hold-out group
-- that was left alone: the difference is what the contact did, the interval how sure
-- that is. Read it from a list kept when the campaign began (docs/campaigns.md).

{% set days = 90 %}

with

audiences as (

    select
        customer_id::string as customer_id,
        assignment,
        as_of_date::date as campaign_date,
        expected_value::double as expected_value

    {% if var('campaign_list') %}
    from '{{ var("campaign_list") | replace("'", "''") }}'
    {% else %}
    from {{ ref('campaign_audiences') }}
    {% endif %}

    where
        assignment in ('contact', 'hold_out')
        -- Who could not be held out has nobody to be compared with.
        and is_in_draw

),

outcomes as (

    select
        audiences.customer_id,
        audiences.assignment,
        max(audiences.expected_value) as expected_value,
        count(orders.order_id) > 0 as has_ordered,
        coalesce(sum(orders.net_amount), 0)::double as net_amount

    from audiences
    left join {{ ref('orders') }} as orders
        on
            audiences.customer_id = orders.customer_id
            and audiences.campaign_date <= orders.ordered_date
            and {{ dbt.dateadd('day', days, 'audiences.campaign_date') }}
            > orders.ordered_date
            and not orders.is_fully_returned

    group by
        audiences.customer_id,
        audiences.assignment

),

groups as (

    select
        assignment,
        count(*) as customer_count,
        avg(has_ordered::int) as order_rate,
        avg(net_amount) as mean_amount,
        var_samp(net_amount) / count(*) as error_variance,
        avg(expected_value) as mean_expected_value

    from outcomes

    group by assignment

)

select
    contacted.customer_count as contacted_count,
    held_out.customer_count as hold_out_count,
    contacted.order_rate - held_out.order_rate as order_rate_difference,
    contacted.mean_amount as contacted_amount,
    held_out.mean_amount as hold_out_amount,
    contacted.mean_amount - held_out.mean_amount as uplift_per_customer,
    -- The 95 % interval of a difference of means (Welch, by the normal distribution).
    contacted.mean_amount - held_out.mean_amount
    - 1.96 * sqrt(contacted.error_variance + held_out.error_variance) as uplift_low,
    contacted.mean_amount - held_out.mean_amount
    + 1.96 * sqrt(contacted.error_variance + held_out.error_variance) as uplift_high,
    {{ var('campaign_margin') }} * (contacted.mean_amount - held_out.mean_amount)
    - {{ var('campaign_contact_cost') }} as value_per_contact,
    contacted.mean_expected_value as expected_value_per_contact

from groups as contacted
inner join groups as held_out
    on
        contacted.assignment = 'contact'
        and held_out.assignment = 'hold_out'
