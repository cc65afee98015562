"""How the dashboard is started."""

import importlib.util
import subprocess
import sys

from customer_analytics.dashboard import app_path

# Customer data stays on this machine: no usage statistics, no other address, no prompt
# for an e-mail address. Nothing is watched but the published file.
SETTINGS = {
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "server.address": "localhost",
    "server.fileWatcherType": "none",
    "server.showEmailPrompt": "false",
    # Blue and sky of charts.theme, which cannot be imported where Altair is missing.
    "theme.light.primaryColor": "#0072B2",
    "theme.dark.primaryColor": "#56B4E9",
}


class DashboardError(Exception):
    """The dashboard cannot be started."""


def command(*, port: int | None = None, headless: bool = False) -> list[str]:
    """Return the command that serves the dashboard.

    Parameters
    ----------
    port : int, optional
        Else the first free one from 8501 on.
    headless : bool
        Whether no browser is opened.

    Raises
    ------
    DashboardError
        If Streamlit or Altair is not installed.
    """
    missing = [
        name
        for name in ("altair", "streamlit")
        if importlib.util.find_spec(name) is None
    ]
    if missing:
        raise DashboardError(
            f"not installed: {', '.join(missing)}; run 'make dashboard', or install "
            "the extra: pip install 'customer-analytics[dashboard]'"
        )
    settings = SETTINGS | {"server.headless": str(headless).lower()}
    if port is not None:
        settings["server.port"] = str(port)
    flags = [f"--{name}={value}" for name, value in settings.items()]
    return [sys.executable, "-m", "streamlit", "run", str(app_path()), *flags]


def serve(*, port: int | None = None, headless: bool = False) -> int:
    """Serve the dashboard until it is stopped; return the exit code."""
    try:
        return subprocess.run(command(port=port, headless=headless)).returncode
    except KeyboardInterrupt:
        return 0
