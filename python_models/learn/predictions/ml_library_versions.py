"""The versions of the libraries that fit, as JSON; one row."""

import json
from importlib.metadata import version

import numpy as np
import xgboost

from customer_analytics.relations import as_relation


def model(dbt, session):
    names = sorted(dbt.config.meta_get("libraries"))
    # Two packages provide it, depending on the system.
    found = {name: version(name) for name in names} | {"xgboost": xgboost.__version__}
    column = np.array([json.dumps(found, sort_keys=True)], dtype=object)
    return as_relation(session, "library_versions", {"library_versions": column})
