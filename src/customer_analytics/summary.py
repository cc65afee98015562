"""The few lines that end a build: what went in, what was kept, what came out."""

from pathlib import Path

import duckdb


def build_summary(published_path: Path) -> str:
    """Describe a published build in a few lines of text.

    Parameters
    ----------
    published_path : Path
        The published DuckDB file; opened read-only.

    Returns
    -------
    str
        Lines in, kept and excluded by reason; customers, orders, amounts and period.
    """
    with duckdb.connect(str(published_path), read_only=True) as connection:
        ((raw, kept, excluded),) = connection.sql(
            "select raw::bigint, kept::bigint, excluded::bigint "
            "from marts.reconciliation where check_name = 'lines'"
        ).fetchall()
        reasons = connection.sql(
            "select exclusion_reason, count(*) from marts.excluded_lines "
            "group by exclusion_reason order by count(*) desc, exclusion_reason"
        ).fetchall()
        ((customers, returning),) = connection.sql(
            "select count(*), count(*) filter (where order_count > 1) "
            "from marts.customers"
        ).fetchall()
        ((orders, fully_returned, net_amount, first_day, last_day),) = connection.sql(
            "select count(*), count(*) filter (where is_fully_returned), "
            "coalesce(sum(net_amount), 0), min(ordered_date), max(ordered_date) "
            "from marts.orders"
        ).fetchall()

    lines = [
        f"lines read      {raw:>12,}",
        f"  kept          {kept:>12,}",
        f"  excluded      {excluded:>12,}",
        *(f"    {reason:<22}{count:>10,}" for reason, count in reasons),
        f"customers       {customers:>12,}   {returning:,} with more than one order",
        f"orders          {orders:>12,}   {fully_returned:,} of them fully returned",
        f"net amount      {net_amount:>12,.0f}",
        f"period          {first_day} to {last_day}",
    ]
    return "\n".join(lines)
