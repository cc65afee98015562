"""What the report asks of sales, customers, products and whom to contact."""

from customer_analytics.report.queries_certainty import CHURN

# Which segments are told about: the first set that is there. Not all need orders.
FEATURE_SETS = ("behaviour", "combined", "rfm", "attributes")

QUERIES = {
    "span": """
        select
            span.*,
            (
                select
                    (sum(gross_amount) filter (where customer_id is null))::double
                    / nullif(sum(gross_amount), 0)::double
                from marts.orders
            ) as guest_share,
            (select count(*) from marts.products) as product_count
        from marts.data_span as span
    """,
    "customers": """
        select
            customer_id, country, order_count, net_amount::double as net_amount,
            median_days_between_orders
        from marts.customers
        where order_count > 0
        order by customer_id
    """,
    "months": """
        select
            sales_month, order_count, customer_count, net_amount::double as net_amount,
            is_complete
        from marts.sales_by_month
        order by sales_month
    """,
    # Known customers in the last 365 days and the 365 before.
    "years": """
        with clock as (
            select
                max(as_of_date) as as_of_date,
                (select min(ordered_date) from marts.orders) as first_order_date
            from marts.customer_rfm
        )
        select
            orders.ordered_date >= clock.as_of_date - 365 as is_last_year,
            -- A shop that opened lately has no year before to compare with.
            bool_and(clock.first_order_date <= clock.as_of_date - 723)
                as is_comparable,
            count(distinct orders.customer_id) as customer_count,
            count(*) as order_count,
            sum(orders.net_amount)::double as net_amount,
            coalesce(
                sum(orders.net_amount) filter (where orders.is_first_order), 0
            )::double as first_order_amount
        from marts.orders
        cross join clock
        where orders.customer_id is not null
            and not orders.is_fully_returned
            and orders.ordered_date >= clock.as_of_date - 730
            and orders.ordered_date < clock.as_of_date
        group by is_last_year
        order by is_last_year desc
    """,
    "segments": f"""
        select
            profiles.segment_name, profiles.persona, profiles.recommended_action,
            profiles.channel_hint, profiles.traits, profiles.feature_set,
            profiles.customer_count, profiles.customer_share,
            profiles.net_amount::double as net_amount, profiles.net_amount_share
        from marts.segment_profiles as profiles
        where profiles.is_chosen
            and profiles.feature_set = (
                select feature_set
                from marts.segment_profiles
                where is_chosen and feature_set in {FEATURE_SETS}
                order by list_position({list(FEATURE_SETS)}, feature_set)
                limit 1
            )
        order by profiles.net_amount_share desc nulls last,
            profiles.customer_share desc, profiles.segment_name
    """,
    "rfm_segments": """
        select
            rfm.rfm_segment as segment_name,
            count(*) as customer_count, sum(rfm.net_amount)::double as net_amount
        from marts.customer_rfm as rfm
        inner join reference.rfm_segments as rules using (rfm_segment)
        group by rfm.rfm_segment
        order by any_value(rules.sort_order)
    """,
    "moves": """
        select
            snapshot_date, previous_snapshot_date, from_segment, to_segment,
            customer_count, net_amount_before::double as net_amount_before
        from marts.rfm_migration
        where from_segment != 'New to the shop'
            -- Whole months: the last snapshot is the as-of date itself.
            and date_diff('day', previous_snapshot_date, snapshot_date) >= 28
        order by snapshot_date, from_segment, to_segment
    """,
    "cohorts": """
        select
            cohort_month, month_number, cohort_size, active_customer_count,
            retention_rate, is_complete, is_first_cohort
        from marts.cohort_retention
        order by cohort_month, month_number
    """,
    "retention_by_age": """
        select
            month_number,
            sum(active_customer_count) / sum(cohort_size) as retention_rate,
            min(retention_rate) as lowest_rate,
            max(retention_rate) as highest_rate,
            count(*) as cohort_count
        from marts.cohort_retention
        where month_number between 1 and 12 and is_complete and not is_first_cohort
        group by month_number
        having count(*) >= 3
        order by month_number
    """,
    "contacts": f"""
        select
            predictions.customer_id, predictions.probability,
            coalesce(predictions.reason_1, '') as reason,
            lifetime_value.historic_amount::double as historic_amount,
            lifetime_value.predicted_amount_365d::double as predicted_amount,
            lifetime_value.next_order_window_end,
            coalesce(offers.product, '') as product
        from marts.customer_predictions as predictions
        inner join marts.customer_lifetime_value as lifetime_value using (customer_id)
        left join marts.customer_recommendations as offers
            on predictions.customer_id = offers.customer_id
            and offers.slot = 'repeat' and offers.rank = 1
        inner join marts.campaign_audiences as audiences
            on predictions.customer_id = audiences.customer_id
            and not audiences.is_doubtful
        where predictions.target = '{CHURN}' and predictions.tier = 'high'
        order by lifetime_value.predicted_amount_365d desc, predictions.customer_id
        limit 10
    """,
    # Whom campaigns would contact.
    "campaigns": """
        select
            campaign,
            min(action) filter (where assignment = 'contact') as action,
            string_agg(distinct channel, ', ' order by channel)
                filter (where assignment = 'contact') as channel,
            count(*) filter (where assignment = 'contact') as contact_count,
            count(*) filter (where assignment = 'hold_out') as hold_out_count,
            (sum(amount_at_risk) filter (where assignment = 'contact'))::double
                as amount_at_risk,
            (sum(expected_value) filter (where assignment = 'contact'))::double
                as expected_value
        from marts.campaign_audiences
        group by campaign
        having count(*) filter (where assignment = 'contact') > 0
        order by expected_value desc nulls last, campaign
    """,
    "newcomers": """
        select customer_id, probability, first_ordered_date
        from marts.first_order_predictions
        where target = 'first_order_repeat_90d' and is_window_open
        order by probability desc, customer_id
    """,
    "stock": """
        select
            signal, count(distinct product_id) as product_count,
            sum(amount_at_stake)::double as amount_at_stake
        from marts.inventory_signals
        where signal in ('slow_moving', 'falling')
        group by signal
        order by signal
    """,
    "rules": """
        select antecedent, consequent, confidence, lift, basket_count
        from marts.association_rules
        where is_significant and not is_redundant
            and antecedent_size = 1 and consequent_size = 1
        order by confidence_low desc, rule_id
        limit 5
    """,
}
