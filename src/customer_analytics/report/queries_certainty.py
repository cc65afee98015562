"""What the report asks of predictions and forecasts, and of how sure they are."""

# The target that the pages about leaving are about.
CHURN = "churn_90d"

QUERIES = {
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
