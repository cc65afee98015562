"""Which libraries, code and settings a result was made with."""

import hashlib
import json
import sys
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

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


# What they do to the orders is seen in the orders.
OF_THE_INPUT = ("transaction", "customer_attribute", "customer_event", "as_of_date")


def project_version(project: Path, variables: Mapping[str, object]) -> str:
    """Return a hash of all code and settings that tables are made by.

    Parameters
    ----------
    project : Path
        Folder of dbt_project.yml.
    variables : mapping of str to object
        dbt variables of a run. Those that say where the input is, and how it is
        read, make no difference.

    Returns
    -------
    str
        SHA-256, hexadecimal.
    """
    settings = {
        name: value
        for name, value in variables.items()
        if not name.startswith(OF_THE_INPUT)
    }
    known = (settings, library_versions(), metadata.version("duckdb"))
    digest = hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode())
    folders = [
        project / name for name in ("macros", "models", "python_models", "seeds")
    ]
    for folder in (*folders, Path(__file__).parent):
        for path in sorted(folder.rglob("*.*")):
            if path.suffix in (".sql", ".py", ".yml", ".csv"):
                digest.update(path.read_bytes())
    digest.update((project / "dbt_project.yml").read_bytes())
    return digest.hexdigest()
