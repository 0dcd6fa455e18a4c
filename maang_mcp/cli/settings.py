"""Settings as a command needs them: read once, and every mistake told by its variable."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_settings import SettingsError

from maang_mcp.config import Settings
from maang_mcp.domain.errors import WrongSettings

_PREFIX: Final = str(Settings.model_config["env_prefix"])
_READ_ELSEWHERE: Final = frozenset(
    {"MAANG_AGENT_MODEL", "MAANG_MCP_URL", "MAANG_MCP_TOKEN", "MAANG_TEST_DATABASE_URL"}
)
"""Variables of the bundled agent and of the tests, which share the prefix."""


def load_settings(**given: Any) -> Settings:
    """The settings of the environment; what is `given` and not None comes first.

    Raises WrongSettings, which names the variables and never quotes their values.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False, include_context=False)
        raise WrongSettings(
            " ".join(_sentence(entry["loc"], entry["msg"]) for entry in wrong)
        ) from None
    except SettingsError as error:
        field = re.search(r'field "(\w+)"', str(error))
        name = (field[1],) if field else ()
        raise WrongSettings(_sentence(name, "is not valid JSON")) from None


def unknown_variables(environment: Mapping[str, str] = os.environ) -> Iterator[tuple[str, str]]:
    """Variables that look like settings but are none, each with its likely correction."""
    from difflib import get_close_matches  # only the doctor asks, and serving starts here too

    known = [variable(name) for name in Settings.model_fields]
    for name in sorted(environment):
        if name.startswith(_PREFIX) and name not in known and name not in _READ_ELSEWHERE:
            close = get_close_matches(name, known, n=1)
            yield name, close[0] if close else ""


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return f"{_PREFIX}{field.upper()}"


def _sentence(where: tuple[int | str, ...], what: str) -> str:
    fault = what.removeprefix("Value error, ").rstrip(".")
    if not where:
        # A rule over several settings names them by their fields.
        return re.sub(r"\b(auth_\w+)\b", lambda name: variable(name[1]), f"{fault}.")
    return f"{variable(str(where[0]))}: {fault}."
