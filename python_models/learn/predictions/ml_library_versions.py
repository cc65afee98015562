"""The versions of the libraries that fit, as JSON; one row."""

import numpy as np

from customer_analytics.relations import as_relation
from customer_analytics.versions import library_versions


def model(dbt, session):
    # As all others, nothing is made of an input that cannot be used.
    dbt.ref("input_files")
    column = np.array([library_versions()], dtype=object)
    return as_relation(session, "library_versions", {"library_versions": column})
