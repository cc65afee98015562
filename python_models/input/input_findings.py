"""What reading the input found: the files, or all that is wrong with them."""

from customer_analytics.input import input_findings
from customer_analytics.input.store import Place


def model(dbt, session):
    settings = dict(dbt.ref("input_settings").fetchall())
    place = Place.beside(dbt.this.identifier, dbt.this.schema, dbt.this.database)
    return session.sql(input_findings(session.cursor(), settings, place))
