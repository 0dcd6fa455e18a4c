"""What the documents say is so: README, `docs/`, `.env.example`, `mcp.json`, the compose file."""

from __future__ import annotations

import ast
import doctest
import json
import os
import re
import shlex
import shutil
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import fields
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped] # it ships no type information
from fastmcp import Client, FastMCP
from fastmcp.client.transports import StdioTransport
from mcp.types import ToolAnnotations

from agent.interview_coach import config as agent_config
from maang_mcp.app import Coach
from maang_mcp.config import Settings
from maang_mcp.domain.parameters import Parameters
from maang_mcp.domain.story_critique import Flaw
from maang_mcp.server.build import build_server
from maang_mcp.server.opening import Opening

ROOT: Final = Path(__file__).resolve().parents[1]
README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
LEARNER_MODEL: Final = (ROOT / "docs" / "learner-model.md").read_text(encoding="utf-8")
STORIES: Final = (ROOT / "docs" / "stories.md").read_text(encoding="utf-8")
PLANNER: Final = (
    "syllabus",
    "timetable",
    "mock_rhythm",
    "practice_days",
    "review_load",
    "study_planning",
)
DOCUMENTS: Final = (
    "README.md",
    "CHANGELOG.md",
    "agent/README.md",
    *(page.relative_to(ROOT).as_posix() for page in sorted((ROOT / "docs").glob("**/*.md"))),
)
ENV_EXAMPLE: Final = (ROOT / ".env.example").read_text(encoding="utf-8")
COMPOSE: Final = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES: Final[dict[str, dict[str, Any]]] = yaml.safe_load(COMPOSE)["services"]
HOST: Final[dict[str, Any]] = json.loads((ROOT / "mcp.json").read_text(encoding="utf-8"))

SETTINGS: Final = frozenset(f"MAANG_{name.upper()}" for name in Settings.model_fields)
AGENT: Final = frozenset(
    {agent_config.MODEL_VARIABLE, agent_config.URL_VARIABLE, agent_config.TOKEN_VARIABLE}
)
TESTS: Final = "MAANG_TEST_DATABASE_URL"


def section(title: str) -> str:
    """README's section of that title, without the heading."""
    _, _, rest = README.partition(f"\n## {title}\n")
    return rest.partition("\n## ")[0]


def rows(title: str) -> list[list[str]]:
    """The cells of the first table in that section, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def variables(text: str) -> set[str]:
    return set(re.findall(r"\bMAANG_[A-Z_]+\b", text))


def kind(annotations: ToolAnnotations | None) -> str:
    """A tool's kind in README's words."""
    assert annotations is not None
    if annotations.read_only_hint:
        return "read"
    if annotations.destructive_hint:
        return "destructive"
    return "write, idempotent" if annotations.idempotent_hint else "write"


def python_commands(text: str) -> list[list[str]]:
    """The module and the arguments of every `python -m ...` that the product brings itself."""
    found = re.findall(r"python\s+-m\s+((?:benchmarks|maang_mcp|agent|db)\b[^`#\n]*)", text)
    return [shlex.split(command) for command in found]


def options_of(module: str) -> set[str]:
    """The options that a program declares, by its source; the program itself must exist."""
    spec = find_spec(module)
    if spec is not None and spec.submodule_search_locations is not None:
        spec = find_spec(f"{module}.__main__")
    assert spec is not None, f"nothing runs as {module}"
    assert spec.origin is not None
    return set(re.findall(r'"(--[a-z-]+)"', Path(spec.origin).read_text(encoding="utf-8")))


def constant_rows(text: str) -> list[list[str]]:
    """The cells of every table row whose second cell is a constant of the domain."""
    lines = re.findall(r"^\|(.*\| `[a-z_]+\.[A-Z]\w+(?:\.\w+)*` \|.*)\|$", text, re.MULTILINE)
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def constants(text: str) -> list[tuple[str, object]]:
    """Every constant in such a row, with the value written beside it."""
    return [(row[1].strip("`"), ast.literal_eval(row[2])) for row in constant_rows(text)]


def plain(value: object) -> object:
    """A constant as a table writes it: days for a time span, values in order for a mapping."""
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    return tuple(value.values()) if isinstance(value, Mapping) else value


def interpolated(text: str) -> Iterator[tuple[str, str]]:
    """The variables that compose puts in, each with what follows its name: `:?...` or `:-...`."""
    yield from re.findall(r"\$\{([A-Z_]+)([^}]*)\}", text)


@pytest.fixture
def server() -> FastMCP:
    """The product with a coach that nobody asks for."""

    def never() -> AbstractAsyncContextManager[Coach]:
        raise AssertionError("a listing opens nothing")

    return build_server(Opening(never))


async def test_the_tool_table_is_what_the_server_lists(server: FastMCP) -> None:
    listed = [(f"`{tool.name}`", kind(tool.annotations)) for tool in await server.list_tools()]
    assert [(name, kind) for name, kind, _ in rows("The tools")] == listed


async def test_every_prompt_is_named_and_every_named_resource_exists(server: FastMCP) -> None:
    text = section("The tools")
    for prompt in await server.list_prompts():
        assert f"`{prompt.name}`" in text
    concrete = {str(resource.uri) for resource in await server.list_resources()}
    templates = {template.uri_template for template in await server.list_resource_templates()}
    assert set(re.findall(r"`(maang://[^`]+)`", text)) <= concrete | templates


def test_every_setting_is_documented_once_with_its_default() -> None:
    documented = {name.strip("`"): default for name, default, _ in rows("Configuration")}
    assert documented.keys() == SETTINGS
    assert len(rows("Configuration")) == len(SETTINGS)
    for name, field in Settings.model_fields.items():
        if name == "data_dir":
            expected = "the user's data directory"
        else:
            default = field.get_default(call_default_factory=True, validated_data={})
            written = str(default).lower() if isinstance(default, bool) else str(default)
            expected = "empty" if default in (None, []) else f"`{written}`"
        assert documented[f"MAANG_{name.upper()}"] == expected


def test_readme_names_no_variable_that_nobody_reads() -> None:
    assert variables(README) == SETTINGS | AGENT | {TESTS}


def test_the_example_environment_holds_every_variable_and_no_other() -> None:
    assigned = re.findall(r"^(?:# )?([A-Z_]+)=", ENV_EXAMPLE, re.MULTILINE)
    assert len(assigned) == len(set(assigned))
    assert {name for name in assigned if name.startswith("MAANG_")} == SETTINGS | AGENT
    assert variables(ENV_EXAMPLE) == SETTINGS | AGENT


def test_the_example_environment_sets_no_secret() -> None:
    values = re.findall(r"^([A-Z_]+)=(.*)$", ENV_EXAMPLE, re.MULTILINE)
    assert values
    assert all(value == "" for _, value in values)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_to_files_and_headings_that_exist(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in headings
        elif "://" not in target:
            assert ((ROOT / document).parent / target).is_file(), target


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_python_command_names_a_program_and_options_that_exist(document: str) -> None:
    for module, *arguments in python_commands((ROOT / document).read_text(encoding="utf-8")):
        options = {argument for argument in arguments if argument.startswith("--")}
        assert options <= options_of(module), (module, options)


def test_the_learner_model_is_explained_with_its_commands() -> None:
    assert {command[0] for command in python_commands(LEARNER_MODEL)} == {
        "benchmarks.learner_model",
        "benchmarks.planted",
        "benchmarks.practice",
    }


def test_every_constant_of_the_learner_model_has_the_value_that_is_documented() -> None:
    documented = constants(LEARNER_MODEL)
    assert len(documented) == len(dict(documented))
    for name, value in documented:
        assert plain(resolve_name(f"maang_mcp.domain.{name.replace('.', ':', 1)}")) == value, name


def test_every_parameter_of_the_learner_model_is_documented_with_its_origin() -> None:
    named = dict(constants(LEARNER_MODEL))
    assert {f"parameters.STANDARD.{field.name}" for field in fields(Parameters)} <= named.keys()
    assert all(row[3] for row in constant_rows(LEARNER_MODEL))


@pytest.mark.parametrize("module", PLANNER)
def test_every_constant_of_the_planner_is_documented(module: str) -> None:
    documented = {name.rpartition(".")[2] for name, _ in constants(LEARNER_MODEL)}
    found = {
        name
        for name, value in vars(resolve_name(f"maang_mcp.domain.{module}")).items()
        if re.fullmatch("[A-Z][A-Z_]+", name) and isinstance(value, int | float | timedelta)
    }
    assert found - {"HOURS_IN_A_WEEK"} <= documented


def test_the_example_of_the_learner_model_says_what_python_says() -> None:
    examples = doctest.DocTestParser().get_doctest(
        "\n".join(re.findall(r"```pycon\n(.+?)```", LEARNER_MODEL, re.DOTALL)),
        {},
        "docs/learner-model.md",
        None,
        None,
    )
    complaints: list[str] = []
    result = doctest.DocTestRunner().run(examples, out=complaints.append)
    assert result.attempted > 10
    assert result.failed == 0, "".join(complaints)


def test_the_page_about_stories_names_every_finding() -> None:
    assert set(re.findall(r"`([a-z_]+)`", STORIES)) >= {flaw.value for flaw in Flaw}


def test_every_constant_of_a_storys_critique_is_documented_with_its_value() -> None:
    documented = dict(constants(STORIES))
    for name, value in documented.items():
        assert resolve_name(f"maang_mcp.domain.{name.replace('.', ':', 1)}") == value, name
    found = {
        f"{module}.{name}"
        for module in ("story", "story_critique", "sentences")
        for name, value in vars(resolve_name(f"maang_mcp.domain.{module}")).items()
        if re.fullmatch("[A-Z][A-Z_]+", name) and isinstance(value, int | float)
    }
    assert found - {"story_critique.FEWEST_JUDGED"} == documented.keys()


def test_the_example_of_a_story_says_what_python_says() -> None:
    examples = doctest.DocTestParser().get_doctest(
        "\n".join(re.findall(r"```pycon\n(.+?)```", STORIES, re.DOTALL)),
        {},
        "docs/stories.md",
        None,
        None,
    )
    complaints: list[str] = []
    result = doctest.DocTestRunner().run(examples, out=complaints.append)
    assert result.attempted > 5
    assert result.failed == 0, "".join(complaints)


def test_make_knows_every_target_that_readme_names() -> None:
    targets = set(
        re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))
    assert {"run", "test"} <= named <= targets


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_what_mcp_json_names_starts_and_answers(mode: str, tmp_path: Path) -> None:
    entry = HOST["mcpServers"]["maang"]
    command = shutil.which(entry["command"], path=sysconfig.get_path("scripts"))
    assert command is not None
    nowhere = {
        "MAANG_DATA_DIR": str(tmp_path),
        "MAANG_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing",
        "MAANG_EMBEDDER": "none",
    }
    transport = StdioTransport(
        command,
        entry["args"],
        env={**os.environ, **nowhere},
        keep_alive=False,
        log_file=tmp_path / "server.log",
    )
    async with Client(transport, mode=mode) as client:
        tools = await client.list_tools()
    assert {tool.name for tool in tools} == {name.strip("`") for name, _, _ in rows("The tools")}


def test_readme_shows_the_same_host_configuration() -> None:
    block = re.search(r"```json\n(.+?)```", section("Connect"), re.DOTALL)
    assert block is not None
    shown = json.loads(block[1])
    assert Path(shown["mcpServers"]["maang"]["command"]).name == "maang-mcp"
    shown["mcpServers"]["maang"]["command"] = "maang-mcp"
    assert shown == HOST


def test_compose_starts_everything_in_order() -> None:
    assert SERVICES.keys() == {"db", "redis", "migrate", "server", "agent"}
    waits = {name: service.get("depends_on", {}) for name, service in SERVICES.items()}
    assert waits["migrate"] == {"db": {"condition": "service_healthy"}}
    assert waits["server"]["migrate"] == {"condition": "service_completed_successfully"}
    assert waits["agent"] == {"server": {"condition": "service_healthy"}}
    for name in ("db", "redis", "server"):
        assert SERVICES[name]["healthcheck"]["test"]


def test_compose_sets_only_variables_that_are_read() -> None:
    read = {"migrate": SETTINGS, "server": SETTINGS, "agent": AGENT}
    for name, known in read.items():
        given = {key for key in SERVICES[name]["environment"] if key.startswith("MAANG_")}
        assert given <= known


def test_compose_asks_for_variables_of_the_example_and_defaults_no_secret() -> None:
    in_example = set(re.findall(r"^(?:# )?([A-Z_]+)=", ENV_EXAMPLE, re.MULTILINE))
    for name, fallback in interpolated(COMPOSE):
        assert name in in_example
        if name.endswith("PASSWORD"):
            assert fallback.startswith(":?")
        elif name.endswith(("SECRET", "TOKEN", "KEY")):
            assert fallback == ":-"


def test_compose_publishes_ports_to_this_machine_alone() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_compose_builds_stages_that_the_dockerfile_has() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    stages = set(re.findall(r"^FROM \S+ AS (\S+)$", dockerfile, re.MULTILINE))
    built = {service["build"]["target"] for service in SERVICES.values() if "build" in service}
    assert built == {"server", "agent"} <= stages
