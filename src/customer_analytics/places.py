"""Where the project and its warehouse are."""

import os
from pathlib import Path
from typing import Any

import yaml

WAREHOUSE_VARIABLE = "CUSTOMER_ANALYTICS_WAREHOUSE"
PROJECT_VARIABLE = "DBT_PROJECT_DIR"


def warehouse_folder() -> Path:
    """Return the folder of the private build and of the published files."""
    return Path(os.environ.get(WAREHOUSE_VARIABLE) or "warehouse")


def project_folder(working_folder: Path) -> Path:
    """Return where the dbt project is.

    In the folder that the environment names (`DBT_PROJECT_DIR`, as dbt calls it), else
    here, else where this package was installed from.

    Raises
    ------
    ValueError
        If it is not there.
    """
    named = os.environ.get(PROJECT_VARIABLE)
    folders = [working_folder, Path(__file__).parents[2]]
    if named:
        folders = [(working_folder / Path(named).expanduser()).resolve()]
    for folder in folders:
        path = folder / "dbt_project.yml"
        if path.exists() and "name: customer_analytics\n" in path.read_text():
            return folder
    raise ValueError(
        f"no dbt project of customer_analytics in {folders[0]}: run the command in its "
        f"folder, or name it with {PROJECT_VARIABLE}"
    )


def project_variables(folder: Path) -> dict[str, Any]:
    """Return the variables of the dbt project, as its file sets them."""
    return yaml.safe_load((folder / "dbt_project.yml").read_text())["vars"]
