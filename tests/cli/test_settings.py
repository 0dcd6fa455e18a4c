from __future__ import annotations

import pytest

from maang_mcp.cli.settings import load_settings, unknown_variables
from maang_mcp.domain.errors import WrongSettings


def test_the_command_line_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAANG_PORT", "1234")
    monkeypatch.setenv("MAANG_LEARNER", "ada")
    assert load_settings(port=None).port == 1234
    assert load_settings(port=4321).port == 4321
    assert load_settings(port=4321).learner == "ada"


def test_every_mistake_is_told_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAANG_PORT", "99999")
    monkeypatch.setenv("MAANG_AUTH_SECRET", "short-and-secret")
    with pytest.raises(WrongSettings) as refused:
        load_settings()
    told = refused.value.explain()
    assert "MAANG_PORT: Input should be less than or equal to 65535." in told
    assert "MAANG_AUTH_SECRET: must have at least 32 bytes." in told
    assert "short-and-secret" not in told


def test_a_list_that_is_no_json_is_told_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAANG_ALLOWED_HOSTS", "coach.example")
    with pytest.raises(WrongSettings, match="MAANG_ALLOWED_HOSTS: is not valid JSON"):
        load_settings()


def test_a_rule_over_several_settings_names_their_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MAANG_AUTH_SECRET", "s" * 32)
    monkeypatch.setenv("MAANG_AUTH_JWKS_URI", "https://issuer.example/keys")
    with pytest.raises(WrongSettings) as refused:
        load_settings()
    assert "MAANG_AUTH_JWKS_URI, MAANG_AUTH_PUBLIC_KEY and MAANG_AUTH_SECRET" in str(refused.value)


def test_variables_that_are_no_settings_are_found_with_what_was_meant() -> None:
    environment = {
        "MAANG_DATADIR": "x",
        "MAANG_ZZZZZ": "x",
        "MAANG_HOST": "x",
        "MAANG_AGENT_MODEL": "x",
        "PATH": "x",
    }
    assert list(unknown_variables(environment)) == [
        ("MAANG_DATADIR", "MAANG_DATA_DIR"),
        ("MAANG_ZZZZZ", ""),
    ]
