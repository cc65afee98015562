"""Compare the customers of the attributes and events with those of the orders."""

import duckdb

from customer_analytics.input.problems import counted, shown_list


def check_match(
    cursor: duckdb.DuckDBPyConnection, table: str, lines: str, what: str
) -> tuple[list[str], list[str]]:
    """Compare the customers of the attributes, or events, with those of the orders.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    table : str
        Quoted name of the table with their customer_id.
    lines : str
        SQL after `from` of the order lines, with read_customer_id.
    what : {'attributes', 'events'}

    Returns
    -------
    problems, notes : list of str
        A problem where no customer is in both; a note where fewer than half of those
        with orders have attributes.
    """
    query = f"""
        with known as (
            select distinct read_customer_id as customer_id from {lines}
            where read_customer_id is not null
        ),
        described as (select distinct customer_id from {table})
        select
            (select count(*) from known),
            (select count(*) from described),
            (select count(*) from known semi join described using (customer_id)),
            (select list(customer_id order by customer_id)[:2] from known),
            (select list(customer_id order by customer_id)[:2] from described)"""
    known, described, matched, of_orders, of_table = cursor.execute(query).fetchall()[0]
    if not known or not described or 2 * matched >= known:
        return [], []
    ids = f"orders have {shown_list(of_orders)}, {what} {shown_list(of_table)}"
    if not matched:
        return [
            f"customer_{what}_path: none of the {counted(known, 'customer')} with "
            f"orders is among the {described:,} with {what}: {ids}. Write the ids "
            f"alike, map the right column with customer_{what[:-1]}_columns, or leave "
            f"the file out: set customer_{what}_path to ''."
        ], []
    # Many never visit or write: that says nothing of how ids are written.
    if what == "events":
        return [], []
    return [], [
        f"attributes are known of {matched:,} of {counted(known, 'customer')} with "
        f"orders: {ids}"
    ]
