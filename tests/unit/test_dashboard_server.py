"""How the dashboard is started: to whom it listens, what it needs."""

import sys

import pytest

from customer_analytics import cli
from customer_analytics.dashboard import app_path, browser, server
from customer_analytics.dashboard.server import DashboardError, command


def test_it_listens_on_this_machine_and_reports_nothing():
    found = command()
    assert found[:5] == [sys.executable, "-m", "streamlit", "run", str(app_path())]
    assert "--server.address=localhost" in found
    assert "--browser.gatherUsageStats=false" in found
    assert "--server.headless=false" in found
    assert not any(flag.startswith("--server.port") for flag in found)


def test_port_and_browser_can_be_chosen():
    found = command(port=8600, headless=True)
    assert "--server.port=8600" in found
    assert "--server.headless=true" in found


def test_its_colours_are_those_of_the_charts():
    from customer_analytics.charts import theme

    assert server.SETTINGS["theme.light.primaryColor"] == theme.BLUE
    assert server.SETTINGS["theme.dark.primaryColor"] == theme.SKY


def test_every_setting_is_one_that_streamlit_knows():
    from streamlit import config

    known = config.get_config_options()
    assert set(server.SETTINGS) <= set(known)


def test_without_streamlit_the_command_is_named(monkeypatch, capsys):
    monkeypatch.setattr(server.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DashboardError, match="not installed: altair, streamlit; run"):
        command()
    assert cli.main(["dashboard"]) == 1
    assert capsys.readouterr().err.startswith("error: not installed: altair")


def test_options_of_the_command_line_reach_the_server(monkeypatch):
    asked = []
    monkeypatch.setattr(server, "serve", lambda **options: asked.append(options) or 0)
    assert cli.main(["dashboard", "--port", "8600", "--headless"]) == 0
    assert asked == [{"port": 8600, "headless": True}]


def test_no_chromium_is_told(monkeypatch):
    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    with pytest.raises(DashboardError, match="no Chromium found"):
        browser.chromium_path()
