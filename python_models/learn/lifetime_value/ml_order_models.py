"""BG/NBD, MBG/NBD and MBG/CNBD-k as of every snapshot date."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.lifetime_value.order_models import fit_order_models
from customer_analytics.memory import Memory
from customer_analytics.relations import as_relation


def model(dbt, session):
    # Customers with equal histories are one row.
    histories = dbt.ref("int_order_model_inputs").aggregate(
        "snapshot_date::varchar as snapshot_date, repeat_day_count, "
        "first_to_last_days, age_days, is_cutoff, count(*) as customer_count"
    )
    gaps = dbt.ref("int_purchase_calendar").aggregate(
        "snapshot_date::varchar as snapshot_date, "
        "sum(log_gap_sum::decimal(18, 6))::double as log_gap_sum"
    )
    models = fit_order_models(
        histories.order(
            "snapshot_date, repeat_day_count, first_to_last_days, age_days"
        ).fetchnumpy(),
        gaps.order("snapshot_date").fetchnumpy(),
        min_repeaters=dbt.config.meta_get("min_repeaters"),
        remember=Memory(session, "ml_order_models", dbt.this.schema),
        report=AdapterLogger("Lifetime value").info,
    )
    return as_relation(session, "order_models", models)
