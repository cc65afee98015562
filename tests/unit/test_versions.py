"""What a hash of code and settings tells apart."""

import pytest

from customer_analytics.versions import project_version


@pytest.fixture
def project(tmp_path):
    """Return the folder of a project with one file of each kind."""
    (tmp_path / "dbt_project.yml").write_text("name: shop\n")
    for name in ("macros/a.sql", "models/learn/b.sql", "seeds/c.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text("one")
    return tmp_path


@pytest.mark.parametrize(
    "name", ["dbt_project.yml", "macros/a.sql", "models/learn/b.sql", "seeds/c.csv"]
)
def test_another_file_is_another_version(project, name):
    before = project_version(project, {})
    (project / name).write_text("two")
    assert project_version(project, {}) != before


def test_a_setting_is_another_version_and_the_place_of_the_input_is_not(project):
    version = project_version(project, {"segment_seed": 1})
    assert project_version(project, {"segment_seed": 2}) != version
    elsewhere = {"transactions_path": "new.csv", "as_of_date": "2024-01-02"}
    assert project_version(project, {"segment_seed": 1} | elsewhere) == version
