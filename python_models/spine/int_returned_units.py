"""Which units of which sale each return takes back, by line number."""

from customer_analytics.returns import match_returned_units


def model(dbt, session):
    lines = dbt.ref("int_return_candidates").order("line_number").fetchnumpy()
    matches = match_returned_units(
        lines["group_number"],
        lines["ordered_at"],
        lines["is_return"],
        lines["units"],
        lines["price"],
    )
    session.register("returned_units", matches)
    return session.table("returned_units")
