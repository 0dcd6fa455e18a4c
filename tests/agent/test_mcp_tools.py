"""How the server is started or reached."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from google.adk.tools.mcp_tool import StdioConnectionParams, StreamableHTTPConnectionParams

from agent.interview_coach.config import AgentConfig
from agent.interview_coach.mcp_tools import (
    SERVER_COMMAND,
    server_command,
    server_environment,
    toolset,
)


def test_without_an_address_the_console_script_beside_the_interpreter_is_started() -> None:
    params = toolset(AgentConfig(), {}, []).connection_params
    assert isinstance(params, StdioConnectionParams)
    assert Path(params.server_params.command).parent == Path(sys.executable).parent
    assert params.server_params.args == ["serve"]


def test_starting_the_server_may_take_longer_than_the_five_seconds_adk_allows() -> None:
    params = toolset(AgentConfig(), {}, []).connection_params
    assert isinstance(params, StdioConnectionParams)
    assert params.timeout >= 30


def test_an_address_is_reached_over_http_with_the_token_as_bearer() -> None:
    config = AgentConfig(mcp_url="https://coach.example/mcp", mcp_token="s3cret")
    params = toolset(config, {}, []).connection_params
    assert isinstance(params, StreamableHTTPConnectionParams)
    assert params.url == "https://coach.example/mcp"
    assert params.headers == {"Authorization": "Bearer s3cret"}


def test_without_a_token_no_authorization_is_sent() -> None:
    params = toolset(AgentConfig(mcp_url="http://127.0.0.1:8765/mcp"), {}, []).connection_params
    assert isinstance(params, StreamableHTTPConnectionParams)
    assert params.headers is None


def test_a_server_elsewhere_is_not_offered_googles_client_certificate_unless_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = AgentConfig(mcp_url="http://127.0.0.1:8765/mcp")
    monkeypatch.delenv("GOOGLE_API_USE_CLIENT_CERTIFICATE")
    toolset(config, {}, [])
    assert os.environ["GOOGLE_API_USE_CLIENT_CERTIFICATE"] == "false"
    monkeypatch.setenv("GOOGLE_API_USE_CLIENT_CERTIFICATE", "true")
    toolset(config, {}, [])
    assert os.environ["GOOGLE_API_USE_CLIENT_CERTIFICATE"] == "true"


def test_the_command_is_searched_on_the_path_when_it_is_not_beside_the_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "bin"
    elsewhere.mkdir()
    script = elsewhere / (SERVER_COMMAND + (".exe" if sys.platform == "win32" else ""))
    script.write_text("")
    script.chmod(0o755)
    _hide_installed_scripts(monkeypatch, tmp_path)
    assert Path(server_command({"PATH": str(elsewhere)})) == script


def test_a_missing_command_keeps_its_name_and_fails_only_when_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _hide_installed_scripts(monkeypatch, tmp_path)
    assert server_command({"PATH": str(tmp_path)}) == SERVER_COMMAND


def _hide_installed_scripts(monkeypatch: pytest.MonkeyPatch, empty: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(empty / "python"))
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(empty))


def test_the_server_gets_its_settings_but_neither_the_models_keys_nor_the_agents_own() -> None:
    environment = server_environment(
        {
            "MAANG_DATA_DIR": "/data",
            "LANG": "de_CH.UTF-8",
            "GOOGLE_API_KEY": "secret",
            "OPENAI_API_KEY": "secret",
            "MAANG_MCP_TOKEN": "secret",
            "MAANG_AGENT_MODEL": "gemini-3.5-pro",
            "PYTHONPATH": "/elsewhere",
        }
    )
    assert environment == {
        "MAANG_DATA_DIR": "/data",
        "LANG": "de_CH.UTF-8",
        "MAANG_LOG_LEVEL": "WARNING",
        "PYTHONSAFEPATH": "1",
    }


def test_an_explicit_log_level_reaches_the_server() -> None:
    assert server_environment({"MAANG_LOG_LEVEL": "DEBUG"})["MAANG_LOG_LEVEL"] == "DEBUG"


def test_a_folder_at_the_start_of_the_path_cannot_be_switched_back_on() -> None:
    assert server_environment({"PYTHONSAFEPATH": ""})["PYTHONSAFEPATH"] == "1"
