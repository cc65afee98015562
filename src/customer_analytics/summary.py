"""The few lines that end a build: what went in, what was kept, what came out."""

import contextlib
import textwrap
from datetime import datetime
from pathlib import Path

import duckdb

from customer_analytics.names import name_of


def build_summary(build_path: Path, started: datetime | None = None) -> str:
    """Describe a finished build in a few lines of text.

    Parameters
    ----------
    build_path : Path
        dbt's private DuckDB file; opened read-only.
    started : datetime, optional
        When the build began, in UTC and without a zone.

    Returns
    -------
    str
        Lines in, kept and excluded by reason; customers, orders, amounts and period.
        Without an order log, the customers and what is known of them. Then how many
        segments each feature set has, and how much was learned and how much was known.
    """
    with duckdb.connect(str(build_path), read_only=True) as connection:
        lines = (
            _order_lines(connection)
            if _has_order_log(connection)
            else _attribute_lines(connection)
        )
        lines += _event_lines(connection)
        # An area that is switched off has no tables.
        with contextlib.suppress(duckdb.CatalogException):
            lines += _segment_lines(connection)
        if started is not None:
            lines.append(_learned_line(connection, started))
        with contextlib.suppress(duckdb.CatalogException):
            lines += _label_lines(connection)
            lines += _suspicious_lines(connection)
        lines += _notes(connection)
    return "\n".join(lines)


def has_order_log(build_path: Path) -> bool:
    """Return whether a finished build read orders, or customer attributes alone."""
    with duckdb.connect(str(build_path), read_only=True) as connection:
        return _has_order_log(connection)


def _has_order_log(connection: duckdb.DuckDBPyConnection) -> bool:
    return bool(
        connection.sql("from raw.input_files where role = 'transactions'").fetchall()
    )


def _attribute_lines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    ((customers, attributes, names),) = connection.sql(
        "select count(distinct customer_id), count(distinct attribute_name), "
        "coalesce(string_agg(distinct attribute_name, ', ' order by attribute_name), "
        "'') from raw.customer_attributes"
    ).fetchall()
    return [
        f"customers       {customers:>12,}   with attributes",
        f"attributes      {attributes:>12,}   {textwrap.shorten(names, 60)}",
        f"orders          {0:>12,}   no order log was given",
    ]


def _event_lines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    ((events, names),) = connection.sql(
        "select count(*), coalesce(string_agg(distinct event_type, ', ' "
        "order by event_type), '') from raw.customer_events"
    ).fetchall()
    shown = textwrap.shorten(names, 60)
    return [f"events          {events:>12,}   {shown}"] if events else []


def _order_lines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    ((raw, kept, excluded),) = connection.sql(
        "select raw::bigint, kept::bigint, excluded::bigint "
        "from marts.reconciliation where check_name = 'lines'"
    ).fetchall()
    reasons = connection.sql(
        "select exclusion_reason, count(*) from marts.excluded_lines "
        "group by exclusion_reason order by count(*) desc, exclusion_reason"
    ).fetchall()
    ((customers, returning),) = connection.sql(
        "select count(*), count(*) filter (where order_count > 1) from marts.customers"
    ).fetchall()
    ((orders, fully_returned, net_amount, first_day, last_day),) = connection.sql(
        "select count(*), count(*) filter (where is_fully_returned), "
        "case when (select bool_and(has_prices) from intermediate.int_log_facts) "
        "then coalesce(sum(net_amount), 0) end, min(ordered_date), max(ordered_date) "
        "from marts.orders"
    ).fetchall()
    return [
        f"lines read      {raw:>12,}",
        f"  kept          {kept:>12,}",
        f"  excluded      {excluded:>12,}",
        *(f"    {reason:<22}{count:>10,}" for reason, count in reasons),
        *_non_product_lines(connection),
        f"customers       {customers:>12,}   {returning:,} with more than one order",
        f"orders          {orders:>12,}   {fully_returned:,} of them fully returned",
        f"net amount      {_amount(net_amount):>12}",
        f"period          {first_day} to {last_day}",
    ]


def _non_product_lines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Name the codes that were left out as no products, and what they are worth."""
    codes = connection.sql(
        "select upper(trim(stock_code)) as code, count(*), sum(line_amount) "
        "from marts.excluded_lines where exclusion_reason = 'not_a_product' "
        "group by code order by abs(sum(line_amount)) desc nulls last, code"
    ).fetchall()
    texts = [
        f"{code} ({count:,} worth {_amount(amount)})" for code, count, amount in codes
    ]
    more = f" and {len(texts) - 4} more" if len(texts) > 4 else ""
    return [f"      {', '.join(texts[:4])}{more}"] if texts else []


def _amount(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.0f}"


def _suspicious_lines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Name predictions that are too good to be true of anything but this log."""
    targets = connection.sql(
        "select target, count(*), max(n) from evidence.classifier_metrics "
        "where is_suspicious and cutoff_date is null and fold is null "
        "group by target order by target"
    ).fetchall()
    return [
        f"suspicious      {target}: {count:,} of its models foretell nearly all of "
        f"{n:,} customers (evidence.classifier_metrics)"
        for target, count, n in targets
    ]


def _label_lines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Say of each given outcome what serves it, and what may know it."""
    labels = connection.sql(
        "select target, model, case when model is null then 'not predicted: ' "
        "|| reason else coalesce(' (ROC-AUC ' || printf('%.3f', roc_auc) || ')', '') "
        "end, warning "
        "from evidence.chosen_models where protocol like '%cross-validation' "
        "order by target"
    ).fetchall()
    return [
        line
        for target, model, told, warning in labels
        for line in (
            f"outcome         {target} {f'by {name_of(model)}' if model else ''}{told}",
            *([f"                {warning}"] if warning else []),
        )
    ]


def _notes(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return what was assumed in reading the input."""
    notes = connection.sql("select note from raw.input_notes").fetchall()
    return [
        line
        for (note,) in notes
        for line in textwrap.wrap(
            note, 88, initial_indent="note            ", subsequent_indent=" " * 16
        )
    ]


def _segment_lines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    chosen = connection.sql(
        "select feature_set, k, algorithm, is_chosen, is_qualified "
        "from evidence.cluster_selection where is_chosen or algorithm = 'none' "
        "order by feature_set"
    ).fetchall()
    texts = []
    for feature_set, k, algorithm, is_chosen, is_qualified in chosen:
        doubt = "" if is_qualified else ", with care"
        texts.append(
            f"{k} by {feature_set} ({name_of(algorithm)}{doubt})"
            if is_chosen
            else f"none by {feature_set}"
        )
    return [f"segments        {', '.join(texts)}"]


def _learned_line(connection: duckdb.DuckDBPyConnection, started: datetime) -> str:
    """Say how much a build learned, and how much it knew of earlier ones."""
    ((new, known),) = connection.execute(
        "select count(*) filter (where learned_at >= $1), "
        "count(*) filter (where learned_at < $1 and used_at >= $1) from learned.fits",
        [started],
    ).fetchall()
    if not new and not known:
        return "learned         nothing new: all was known of the same past"
    return f"learned         {new:>12,}   fits and back-tests; {known:,} were known"
