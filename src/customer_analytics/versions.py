"""Which libraries a model was fitted with."""

import json
import sys
from functools import cache
from importlib import metadata

# What fits: another version of one of these may give another result.
LIBRARIES = ("imbalanced-learn", "networkx", "numpy", "scikit-learn", "scipy")


@cache
def library_versions() -> str:
    """Return the versions of Python and of the libraries that fit, as JSON."""
    # Another package provides it without the libraries for graphics cards.
    xgboost = {"xgboost", "xgboost-cpu"} & {
        distribution.name for distribution in metadata.distributions()
    }
    versions = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"} | {
        name.removesuffix("-cpu"): metadata.version(name)
        for name in {*LIBRARIES, *xgboost}
    }
    return json.dumps(versions, sort_keys=True)
