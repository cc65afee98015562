"""The dashboard: a Streamlit page that reads the published file and nothing else."""

from pathlib import Path


def app_path() -> Path:
    """Return the script that Streamlit runs."""
    return Path(__file__).with_name("app.py")
