"""Which libraries a model was fitted with."""

import json
from importlib.metadata import version

LIBRARIES = ("numpy", "scikit-learn", "scipy")


def library_versions() -> str:
    """Return the versions of the libraries behind the recommendations, as JSON."""
    return json.dumps({name: version(name) for name in LIBRARIES}, sort_keys=True)
