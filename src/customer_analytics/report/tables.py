"""What the report reads: published tables alone, narrowed to what is shown."""

from pathlib import Path

import duckdb
import pandas as pd

from customer_analytics.publishing import PublishError

# Which segments are told about: the first set that is there. Not all need orders.
FEATURE_SETS = ("behaviour", "combined", "rfm", "attributes")
# The target that the pages about leaving are about.
CHURN = "churn_90d"

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
    "risk_tiers": f"""
        select
            predictions.tier,
            count(*) as customer_count,
            sum(predictions.probability) as expected_pauses,
            sum(coalesce(lifetime_value.predicted_amount_365d, 0))::double
                as predicted_amount,
            count(lifetime_value.predicted_amount_365d) as forecast_count
        from marts.customer_predictions as predictions
        left join marts.customer_lifetime_value as lifetime_value using (customer_id)
        where predictions.target = '{CHURN}'
        group by predictions.tier
        order by list_position(['high', 'medium', 'low'], predictions.tier)
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
    "returns": """
        select return_rate, paused_amount_share
        from evidence.pause_returns
        where is_active
        order by cutoff_date
    """,
    "power": """
        select detectable_difference, expected_difference, needed_customer_count
        from evidence.campaign_power
        where measure = 'net_amount'
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
    "forecast_months": """
        select
            forecast_month, expected_amount::double as expected_amount,
            last_year_known_amount::double as last_year_known_amount
        from marts.lifetime_value_by_month
        order by forecast_month
    """,
    "forecasts": """
        select
            totals.horizon_days, totals.model,
            totals.predicted_amount::double as predicted_amount,
            totals.predicted_amount_low::double as predicted_amount_low,
            totals.predicted_amount_high::double as predicted_amount_high,
            totals.last_period_known_amount::double as last_period_amount,
            totals.last_year_known_amount::double as last_year_amount,
            chosen.status, chosen.mean_absolute_bias, chosen.mean_gini,
            chosen.baseline_gini, chosen.cutoff_count, chosen.lowest_interval_coverage,
            min(metrics.bias) as lowest_bias, max(metrics.bias) as highest_bias
        from evidence.lifetime_value_totals as totals
        inner join evidence.chosen_lifetime_value_models as chosen
            on totals.horizon_days = chosen.horizon_days
        left join evidence.lifetime_value_metrics as metrics
            on totals.horizon_days = metrics.horizon_days
            and totals.model = metrics.model
            and metrics.cutoff_date is not null
        group by all
        order by totals.horizon_days
    """,
    "value_deciles": """
        select
            calibration.decile,
            sum(calibration.mean_predicted_amount * calibration.n) / sum(calibration.n)
                as mean_predicted_amount,
            sum(calibration.mean_actual_amount * calibration.n) / sum(calibration.n)
                as mean_actual_amount
        from evidence.lifetime_value_calibration as calibration
        inner join evidence.chosen_lifetime_value_models as chosen
            on calibration.model = chosen.model
            and calibration.horizon_days = chosen.horizon_days
        where calibration.horizon_days = 90 and calibration.cutoff_date is not null
        group by calibration.decile
        order by calibration.decile
    """,
    "accuracy": """
        select
            targets.description, targets.target, chosen.status, chosen.model,
            chosen.reason, metrics.n, metrics.base_rate, metrics.roc_auc,
            metrics.mean_calibration_error, metrics.worst_calibration_error,
            metrics.baseline_model,
            baselines.roc_auc as baseline_roc_auc
        from reference.prediction_targets as targets
        inner join evidence.chosen_models as chosen using (target)
        left join evidence.classifier_metrics as metrics
            on chosen.target = metrics.target and chosen.model = metrics.model
            and chosen.variant = metrics.variant and metrics.cutoff_date is null
        left join evidence.classifier_metrics as baselines
            on metrics.target = baselines.target
            and metrics.baseline_model = baselines.model
            and baselines.is_baseline and baselines.cutoff_date is null
        where targets.kind = 'binary'
        order by targets.target
    """,
    "calibration": f"""
        select
            calibration.bin, calibration.n, calibration.mean_probability,
            calibration.observed_rate
        from evidence.classifier_calibration as calibration
        inner join evidence.chosen_models as chosen using (target, model, variant)
        where target = '{CHURN}' and calibration.cutoff_date is null
        order by calibration.bin
    """,
    "calibration_by_date": f"""
        select
            calibration.cutoff_date, calibration.n, calibration.mean_probability,
            calibration.observed_rate
        from evidence.classifier_calibration as calibration
        inner join evidence.chosen_models as chosen using (target, model, variant)
        where target = '{CHURN}' and calibration.cutoff_date is not null
        order by calibration.cutoff_date, calibration.bin
    """,
    "lift": f"""
        select
            lift.decile, sum(lift.n) as n, sum(lift.positive_count) as positive_count
        from evidence.classifier_lift as lift
        inner join evidence.chosen_models as chosen using (target, model, variant)
        where target = '{CHURN}'
        group by lift.decile
        order by lift.decile
    """,
    "recommenders": """
        select slot, source, hit_rate, is_baseline, is_chosen
        from evidence.recommender_metrics
        where k = 10 and cutoff_date is null and slot in ('repeat', 'discovery')
        order by slot, source
    """,
    "doubts": """
        select check_name, status, follows
        from evidence.lifetime_value_fitness
        where status in ('limited', 'poor')
        order by check_name
    """,
    "checks": """
        select
            check_name, raw::double as raw, kept::double as kept,
            excluded::double as excluded, difference::double as difference
        from marts.reconciliation
        order by check_name
    """,
}


def read_tables(database: Path) -> dict[str, pd.DataFrame]:
    """Read everything that the report shows.

    Parameters
    ----------
    database : Path
        A published file; opened read-only.

    Returns
    -------
    dict of str to DataFrame
        One frame per entry of ``QUERIES``, ordered as its query says; amounts are
        floats. Frames of areas that were not built are empty.

    Raises
    ------
    PublishError
        If there is no published file, or it lacks a table (one of an older version).
    """
    if not database.exists():
        raise PublishError(f"there is no {database}: run make build first")
    with duckdb.connect(str(database), read_only=True) as connection:
        try:
            return {name: connection.sql(sql).df() for name, sql in QUERIES.items()}
        except duckdb.CatalogException as error:
            raise PublishError(
                f"{database} is of another version, run make build again: {error}"
            ) from error
