"""The project as dbt has parsed it, for runs with other settings.

For other variables dbt parses a whole project anew, which takes longer than building a
small shop. But nearly all are read when a model runs; those of Python models stand in
their YAML, and are set here.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from dbt.cli.main import dbtRunner
from dbt.clients.jinja import get_rendered
from dbt.contracts.graph.manifest import Manifest

# Where variables stand that say which models there are, and how they are named.
PARSED = (
    "dbt_project.yml",
    "macros/generate_alias_name.sql",
    "models/_exposures.yml",
)
VARIABLE = re.compile(r"\bvar\('(\w+)'")


def parsed_project(project: Path, variables: Mapping[str, Any]) -> Manifest | None:
    """Return the project as parsed for variables, from what was parsed before.

    Parameters
    ----------
    project : Path
        Folder of dbt_project.yml, in which dbt is run.
    variables : mapping of str to object
        dbt variables of the run.

    Returns
    -------
    Manifest or None
        For ``dbtRunner``; None where dbt has to parse for these variables itself, or
        cannot: then it says why.
    """
    # What is made of a model or a source depends on it (macros/named_relation.sql).
    named = ("transactions_relation", "customer_events_relation")
    is_of_a_node = any("(" in str(variables.get(name, "")) for name in named)
    if is_of_a_node or variables.keys() & read_in_parsing(project):
        return None
    # The build writes the manifest.
    result = dbtRunner().invoke(["parse", "--quiet", "--no-write-json"])
    if not result.success:
        return None
    return set_variables(result.result, project, variables)


def read_in_parsing(project: Path) -> frozenset[str]:
    """Return the variables that other nodes or names follow from."""
    texts = ((project / name).read_text() for name in PARSED)
    return frozenset(VARIABLE.findall("".join(texts)))


def set_variables(
    manifest: Manifest, project: Path, variables: Mapping[str, Any]
) -> Manifest:
    """Set what the configurations of Python models read of variables.

    Parameters
    ----------
    manifest : Manifest
        Of the project, parsed with no variables; changed in place.
    project : Path
    variables : mapping of str to object

    Returns
    -------
    Manifest
        The same.
    """
    settings = yaml.safe_load((project / "dbt_project.yml").read_text())
    known = {"var": (settings["vars"] | dict(variables)).__getitem__}
    for path in sorted((project / "python_models").rglob("*.yml")):
        for model in yaml.safe_load(path.read_text())["models"]:
            node = manifest.nodes.get(f"model.{settings['name']}.{model['name']}")
            if node is not None:
                meta = _rendered(model.get("config", {}).get("meta", {}), known)
                node.config.meta |= meta
                node.meta |= meta
    manifest.build_flat_graph()
    return manifest


def _rendered(value: Any, known: dict) -> Any:
    if isinstance(value, dict):
        return {name: _rendered(own, known) for name, own in value.items()}
    if isinstance(value, list):
        return [_rendered(own, known) for own in value]
    if isinstance(value, str):
        return get_rendered(value, known, native=True)
    return value
