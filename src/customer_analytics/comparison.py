"""What has changed since the last publication: data, totals, segments, scores.

Made while publishing, when the file that was published last is still there; no model
can see it. A build is published again as it was: what it was compared with stays.
"""

import contextlib
from pathlib import Path

import duckdb

SCHEMA, NAME = "evidence", "build_comparison"
DESCRIPTION = (
    "What the last publication said beside what this one says: a row per area, topic "
    "and measure. Written by publishing, as no build sees the one before it; of the "
    "first publication, and of what was not there before, the values before are null."
)
COLUMNS = {
    "area": "data, totals, segments or scores.",
    "topic": "What the measure is of: a way of grouping, a prediction; empty for all.",
    "measure": "What is compared, in words.",
    "unit": "count, money (in the currency of data_span) or share (0 to 1).",
    "value_before": "Value in the last publication, in the unit; null where unknown.",
    "value_now": "Value in this publication, in the unit; null where there is none.",
    "model_before": "Model that served in the last publication; null for counts.",
    "model_now": "Model that serves now; null for counts.",
    "as_of_date_before": "As-of date of the last publication; null for the first.",
    "as_of_date_now": "As-of date of this publication.",
}
# Of one publication: topic, measure, unit, value, model; by area.
MEASURES = {
    "data": (
        "select '', 'order lines', 'count', count(*), null from {db}.marts.order_lines",
        "select '', 'lines left out', 'count', count(*), null "
        "from {db}.marts.excluded_lines",
        "select '', 'known customers', 'count', count(*), null "
        "from {db}.marts.customers",
        "select '', 'orders', 'count', count(*), null from {db}.marts.orders",
        "select '', 'products', 'count', count(*), null from {db}.marts.products",
    ),
    "totals": (
        "select '', 'net amount of all orders', 'money', sum(net_amount), null "
        "from {db}.marts.orders",
        "select '', 'forecast of the next ' || horizon_days || ' days', 'money', "
        "predicted_amount, model from {db}.evidence.lifetime_value_totals",
        "select '', 'customers who will probably pause for 90 days', 'count', "
        "round(sum(probability)), null "
        "from {db}.marts.customer_predictions where target = 'churn_90d' having "
        "count(*) > 0",
        "select '', 'customers to contact', 'count', count(*), null "
        "from {db}.marts.campaign_audiences where assignment = 'contact'",
        "select '', 'expected of the contacts', 'money', sum(expected_value), null "
        "from {db}.marts.campaign_audiences where assignment = 'contact'",
    ),
    "segments": (
        "select feature_set, segment_name, 'count', sum(customer_count), "
        "any_value(algorithm) from {db}.marts.segment_profiles where is_chosen "
        "group by feature_set, segment_name",
        "select 'RFM rules', rfm_segment, 'count', count(*), null "
        "from {db}.marts.customer_rfm group by rfm_segment",
    ),
    "scores": (
        "select description, 'mean probability', 'share', round(avg(probability), 6), "
        "any_value(model_name) from {db}.marts.customer_predictions inner join "
        "{db}.reference.prediction_targets using (target) group by description",
        "select description, 'customers it is asked of', 'count', count(*), "
        "any_value(model_name) from {db}.marts.customer_predictions inner join "
        "{db}.reference.prediction_targets using (target) group by description",
    ),
}
# Of both at once: customers that both know, and what they moved between.
MOVES = {
    "segments": (
        "select 'RFM rules', 'moved to another group', 'count', "
        "count(*) filter (where was.rfm_segment != now.rfm_segment), null "
        "from {last}.marts.customer_rfm as was "
        "inner join {now}.marts.customer_rfm as now using (customer_id)",
        "select feature_set, 'moved to another group', 'count', "
        "count(*) filter (where was.segment_name != now.segment_name), null "
        "from {last}.marts.customer_segments as was "
        "inner join {now}.marts.customer_segments as now "
        "using (customer_id, feature_set) where was.is_chosen and now.is_chosen "
        "group by feature_set",
    ),
    "scores": (
        "select description, 'moved to another tier', 'count', "
        "count(*) filter (where was.tier != now.tier), null "
        "from {last}.marts.customer_predictions as was "
        "inner join {now}.marts.customer_predictions as now "
        "using (customer_id, target) "
        "inner join {now}.reference.prediction_targets using (target) "
        "group by description",
    ),
}
ROWS = (
    "area varchar, topic varchar, measure varchar, unit varchar, value double, "
    "model varchar"
)


def write_comparison(
    connection: duckdb.DuckDBPyConnection, now: str, last_file: Path
) -> None:
    """Write ``evidence.build_comparison`` into a publication that is being made.

    Parameters
    ----------
    connection : DuckDBPyConnection
        With the new file attached.
    now : str
        The name it is attached by.
    last_file : Path
        The last published file, which may not be there, or be of another version:
        what it lacks is null.
    """
    connection.execute(f"create temp table measures_now ({ROWS})")
    connection.execute(f"create temp table measures_before ({ROWS})")
    _measure(connection, "measures_now", MEASURES, db=now)
    as_of_date_before = None
    has_last = last_file.exists() and _attached(connection, last_file)
    if has_last:
        _measure(connection, "measures_before", MEASURES, db="last")
        with contextlib.suppress(duckdb.Error):
            ((as_of_date_before,),) = connection.sql(
                "select as_of_date from last.marts.data_span"
            ).fetchall()
        if _is_same(connection, now) and _copied(connection, now):
            connection.execute("detach last")
            return
        _measure(connection, "measures_now", MOVES, last="last", now=now)
        connection.execute("detach last")
    connection.execute(
        f"""
        create table {now}.{SCHEMA}.{NAME} as
        select
            area, topic, measure, unit,
            was.value as value_before, fresh.value as value_now,
            was.model as model_before, fresh.model as model_now,
            $before::date as as_of_date_before,
            (select as_of_date from {now}.marts.data_span) as as_of_date_now
        from measures_now as fresh
        full join measures_before as was using (area, topic, measure, unit)
        order by all
        """,
        {"before": as_of_date_before},
    )


def _attached(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    escaped = str(path).replace("'", "''")
    try:
        connection.execute(f"attach '{escaped}' as last (read_only)")
    except duckdb.Error:
        # A client has it open for writing, or it is no database: nothing to compare.
        return False
    return True


def _measure(
    connection: duckdb.DuckDBPyConnection,
    into: str,
    measures: dict[str, tuple[str, ...]],
    **databases: str,
) -> None:
    for area, queries in measures.items():
        for sql in queries:
            # An area that is switched off has no tables, and another version others.
            with contextlib.suppress(duckdb.CatalogException, duckdb.BinderException):
                connection.execute(
                    f"insert into {into} select '{area}', * "
                    f"from ({sql.format(**databases)})"
                )


def _is_same(connection: duckdb.DuckDBPyConnection, now: str) -> bool:
    """Return whether nothing differs: the same build is published again."""
    ((differing,),) = connection.sql(
        "select count(*) from ("
        "(from measures_now except all from measures_before) union all "
        "(from measures_before except all from measures_now))"
    ).fetchall()
    return not differing


def _copied(connection: duckdb.DuckDBPyConnection, now: str) -> bool:
    """Take over what the last publication was compared with; False if it says none."""
    try:
        connection.execute(
            f"create table {now}.{SCHEMA}.{NAME} as from last.{SCHEMA}.{NAME}"
        )
    except duckdb.CatalogException:
        return False
    return True
