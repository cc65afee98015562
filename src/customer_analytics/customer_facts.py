"""All that is published of one customer, as tables: for notebooks and the dashboard."""

import contextlib
from pathlib import Path

import duckdb
import pandas as pd

from customer_analytics import trust
from customer_analytics.names import name_of
from customer_analytics.places import warehouse_folder
from customer_analytics.publishing import PUBLISHED_NAME

# The first says whether there is such a customer; each of the others may be empty.
QUERIES = {
    "customer": """
        select * from marts.customers where customer_id = $customer
    """,
    "attributes": """
        select attribute_name, coalesce(value_text, value_number::varchar) as value
        from marts.customer_attributes
        where customer_id = $customer
        order by attribute_name
    """,
    "orders": """
        select order_id, ordered_at, product_count, unit_count, gross_amount,
            returned_amount, net_amount, is_fully_returned
        from marts.orders
        where customer_id = $customer
        order by ordered_at desc, order_id
    """,
    "products": """
        select
            product_id,
            any_value(products.description) as product,
            count(distinct order_id) filter (where line_type = 'sale') as order_count,
            coalesce(sum(quantity) filter (where line_type = 'sale'), 0) as unit_count,
            coalesce(-sum(quantity) filter (where line_type = 'return'), 0)
                as returned_unit_count,
            sum(line_amount) as net_amount,
            max(lines.ordered_at) filter (where line_type = 'sale') as last_bought_at
        from marts.order_lines as lines
        left join marts.products as products using (product_id)
        where customer_id = $customer and product_id is not null
        group by product_id
        order by order_count desc, net_amount desc, product_id
    """,
    "segment_history": """
        with months as (
            select 'RFM rules' as feature_set, rfm_segment as segment, snapshot_date
            from marts.customer_rfm_history
            where customer_id = $customer
            union all
            select schemes.feature_set, history.segment_name, history.snapshot_date
            from marts.segment_history as history
            inner join (
                select distinct scheme, feature_set
                from marts.segment_profiles
                where is_chosen
            ) as schemes using (scheme)
            where history.customer_id = $customer
        )
        select * from months order by feature_set, snapshot_date
    """,
    # One row per way of grouping: now, since when, and what it was before.
    "segments": """
        select feature_set, segment_name as segment
        from marts.customer_segments
        where customer_id = $customer and is_chosen
        union all
        select 'RFM rules', rfm_segment
        from marts.customer_rfm
        where customer_id = $customer
        order by feature_set
    """,
    "predictions": """
        with told as (
            select target, tier, probability, null::double as predicted_amount,
                predicted_class as predicted_segment, predicted_value, known_outcome,
                percentile, reason_1, reason_2, reason_3
            from marts.customer_predictions
            where customer_id = $customer
            union all
            select target, null, probability, predicted_amount, predicted_segment,
                null, null, percentile, null, null, null
            from marts.first_order_predictions
            where customer_id = $customer and is_window_open
        )
        select
            -- Given outcomes stand in no lookup: they have the name they were given.
            coalesce(
                targets.description, 'Outcome: ' || replace(told.target, '_', ' ')
            ) as description,
            targets.kind, told.*, chosen.* exclude (target)
        from told
        left join reference.prediction_targets as targets using (target)
        inner join evidence.chosen_models as chosen using (target)
        order by targets.population, targets.horizon_days, told.target
    """,
    # How good the models of amounts after a first order are.
    "first_order_metrics": """
        select metrics.*
        from evidence.first_order_metrics as metrics
        inner join evidence.chosen_models as chosen using (target, model)
        where metrics.cutoff_date is null and metrics.fold is null
            and metrics.kind = 'amount'
    """,
    "lifetime_value": """
        with horizons as (
            select chosen.*, value.probability_alive, value.value_tier,
                value.next_order_window_start, value.next_order_window_middle,
                value.next_order_window_end,
                case horizon_days
                    when 90 then predicted_amount_90d
                    when 180 then predicted_amount_180d
                    when 365 then predicted_amount_365d
                end as predicted_amount,
                case horizon_days
                    when 90 then predicted_amount_90d_low
                    when 180 then predicted_amount_180d_low
                    when 365 then predicted_amount_365d_low
                end as low_amount,
                case horizon_days
                    when 90 then predicted_amount_90d_high
                    when 180 then predicted_amount_180d_high
                    when 365 then predicted_amount_365d_high
                end as high_amount,
                case horizon_days
                    when 90 then nothing_probability_90d
                    when 180 then nothing_probability_180d
                    when 365 then nothing_probability_365d
                end as nothing_probability
            from evidence.chosen_lifetime_value_models as chosen
            cross join (
                select * from marts.customer_lifetime_value
                where customer_id = $customer
            ) as value
        )
        select * from horizons order by horizon_days
    """,
    "next_order_window": """
        select coverage, n, mean_width_days
        from evidence.next_order_window_coverage
        where cutoff_date is null and order_group = 'all'
    """,
    "recommendations": """
        select slot, rank, product_id, product, score, reason_text, model_name, status
        from marts.customer_recommendations
        where customer_id = $customer
        order by slot desc, rank
    """,
    "cross_sell": """
        select gap_rank, product_id, product, antecedent, confidence, confidence_low,
            expected_extra_amount
        from marts.cross_sell_gaps
        where customer_id = $customer
        order by gap_rank
    """,
    "campaign": """
        select * exclude (customer_id)
        from marts.campaign_audiences
        where customer_id = $customer
    """,
}


class UnknownCustomerError(LookupError):
    """The published file knows no such customer."""


def customer(
    customer_id: str, warehouse: Path | str | None = None
) -> dict[str, pd.DataFrame]:
    """Return all that is published of one customer.

    What they bought and returned, their segments now and before, each prediction with
    its reasons and how far to trust it, what they will bring with its interval, when
    they order next, what to offer and why, campaign and action. The page Customer of
    the dashboard shows the same.

    Parameters
    ----------
    customer_id : str
        As in the order log, or as published, where ids are hashed.
    warehouse : path, optional
        Folder of the published file; else that of ``CUSTOMER_ANALYTICS_WAREHOUSE``, or
        ``warehouse``.

    Returns
    -------
    dict of str to DataFrame
        ``customer`` (one row, the columns of ``marts.customers``), ``attributes``,
        ``orders`` (newest first), ``products`` (most often bought first), ``segments``
        (a row per way of grouping: ``segment`` now, ``since``, ``segment_before``),
        ``segment_history`` (by month), ``predictions`` (``probability`` 0 to 1 or
        ``predicted_amount``, reasons, ``trust``), ``lifetime_value`` (a row per
        horizon: ``predicted_amount`` with ``low_amount`` and ``high_amount``, of 80 %,
        and the window of the next order), ``next_order_window`` (how many of such
        windows held at past dates),
        ``recommendations``, ``cross_sell`` and ``campaign``. Those of which nothing is
        known have no rows.

    Raises
    ------
    FileNotFoundError
        If nothing is published.
    UnknownCustomerError
        If the published file knows no such customer.

    Examples
    --------
    >>> facts = customer("13085")  # doctest: +SKIP
    >>> facts["predictions"][["description", "probability", "trust"]]  # doctest: +SKIP
    """
    folder = warehouse_folder() if warehouse is None else Path(warehouse)
    return read_customer(folder / PUBLISHED_NAME, customer_id)


def read_customer(path: Path | str, customer_id: str) -> dict[str, pd.DataFrame]:
    """Return all that a published file says of one customer; see `customer`."""
    if not Path(path).exists():
        raise FileNotFoundError(f"there is no {path}: run make build first")
    with duckdb.connect(str(path), read_only=True) as connection:
        facts = {}
        for name, sql in QUERIES.items():
            needs_customer = {"customer": customer_id} if "$customer" in sql else None
            facts[name] = pd.DataFrame()
            # An area that is switched off has no tables.
            with contextlib.suppress(duckdb.CatalogException):
                facts[name] = connection.execute(sql, needs_customer).df()
    if facts["customer"].empty and facts["attributes"].empty:
        raise UnknownCustomerError(f"there is no customer {customer_id!r}")
    facts["segments"] = _with_before(facts["segments"], facts["segment_history"])
    facts["predictions"] = _with_trust(
        facts["predictions"], facts.pop("first_order_metrics")
    )
    if len(facts["lifetime_value"]):
        facts["lifetime_value"] = facts["lifetime_value"].assign(
            model=facts["lifetime_value"]["model"].map(name_of),
            trust=[
                trust.lifetime_value(row).level
                for row in facts["lifetime_value"].to_dict("records")
            ],
        )
    return facts


def _with_before(segments: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Return segments with the month they hold since, and the one before."""
    since, before = [], []
    for row in segments.itertuples():
        months = history[history["feature_set"] == row.feature_set]
        others = months[months["segment"] != row.segment]
        last_other = others["snapshot_date"].max() if len(others) else pd.NaT
        own = (
            months
            if pd.isna(last_other)
            else months.query("snapshot_date > @last_other")
        )
        since.append(own["snapshot_date"].min() if len(own) else pd.NaT)
        before.append(others["segment"].iloc[-1] if len(others) else None)
    return segments.assign(since=since, segment_before=before)


def _with_trust(predictions: pd.DataFrame, amounts: pd.DataFrame) -> pd.DataFrame:
    """Return predictions with the words for how far to trust each."""
    told = []
    of_amounts = {row["target"]: row for row in amounts.to_dict("records")}
    for row in predictions.to_dict("records"):
        # Of amounts after first orders; of given outcomes no lookup knows the kind.
        of_amount = of_amounts.get(row["target"]) if row["kind"] == "amount" else None
        told.append(
            trust.prediction(row)
            if of_amount is None
            else trust.first_order_amount(of_amount)
        )
    return predictions.assign(
        trust=[one.level for one in told], meaning=[one.meaning for one in told]
    )
