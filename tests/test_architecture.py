"""The house rules that no type checker knows."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import db
from maang_mcp.domain import errors
from maang_mcp.domain.errors import CoachError, Conflict, NotFound, Rejected, Unavailable

REPOSITORY = Path(__file__).parents[1]
PACKAGES = ("maang_mcp", "db", "agent")
LONGEST_MODULE = 300


def _modules(*packages: str) -> list[Path]:
    return [path for package in packages for path in sorted((REPOSITORY / package).rglob("*.py"))]


def _committed() -> list[Path]:
    """Every file that is, or would be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in listed.stdout.split("\0") if (path := REPOSITORY / name).is_file()]


def _name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


# --- Floors.


def test_no_floor_imports_what_lies_above_it() -> None:
    linted = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from importlinter.cli import lint_imports;"
            " sys.exit(lint_imports(no_cache=True))",
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


HEAVY = {"sqlalchemy", "asyncpg", "alembic", "onnxruntime", "onnx", "redis", "torch", "google"}


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("db", {"fastmcp", "mcp", "redis", "torch", "onnxruntime", "onnx", "google"}),
        ("maang_mcp.server.build", HEAVY),
        ("maang_mcp.domain.standing", HEAVY | {"pydantic", "fastmcp", "mcp", "numpy", "asyncio"}),
        ("maang_mcp", HEAVY | {"pydantic", "fastmcp", "mcp", "maang_mcp.domain"}),
    ],
)
def test_a_fresh_import_stays_light(module: str, unwanted: set[str]) -> None:
    """Package by package the floors are a circle; it is harmless only while this holds."""
    loaded = subprocess.run(
        [sys.executable, "-c", f"import json, sys, {module}; print(json.dumps([*sys.modules]))"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    assert unwanted.isdisjoint(json.loads(loaded.stdout))


def test_db_in_a_test_is_ours() -> None:
    assert Path(db.__file__) == REPOSITORY / "db" / "__init__.py"


# --- The domain is pure.

IMPURE_CALLS = {
    *("now", "today", "utcnow", "time", "monotonic", "perf_counter", "sleep"),
    *("uuid1", "uuid4", "uuid7", "urandom", "getenv", "open", "print", "input"),
}
IMPURE_MODULES = {"random", "secrets", "time", "os", "sys", "logging", "asyncio", "socket"}


def _impurities(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                if name in IMPURE_CALLS:
                    found.append(f"{name}()")
            case ast.Import(names=names):
                found += [a.name for a in names if a.name.split(".")[0] in IMPURE_MODULES]
            case ast.ImportFrom(module=str(module), level=0):
                if module.split(".")[0] in IMPURE_MODULES:
                    found.append(module)
            case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                found.append(type(node).__name__)
            case ast.Global():
                found.append("global")
    return found


@pytest.mark.parametrize("module", [*map(_name, _modules("maang_mcp/domain"))])
def test_the_domain_has_no_clock_no_dice_and_does_not_wait(module: str) -> None:
    assert _impurities((REPOSITORY / module).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime as d; d.now()",
        "import datetime; datetime.date.today()",
        "from uuid import uuid4; uuid4()",
        "from random import Random",
        "import os.path",
        "async def f(): await g()",
    ],
)
def test_an_impurity_is_seen(source: str) -> None:
    assert _impurities(source)


# --- Modules.


def test_no_module_is_longer_than_a_newcomer_reads() -> None:
    lengths = {
        _name(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in _modules(*PACKAGES)
        if "migrations/versions" not in path.as_posix()
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        _name(path)
        for path in _modules(*PACKAGES)
        if (source := path.read_text(encoding="utf-8")).strip()
        and not ast.get_docstring(ast.parse(source))
    ]
    assert silent == []


def test_no_module_is_named_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "common", "base", "manager", "types", "misc"}
    assert [_name(path) for path in _modules(*PACKAGES, "tests") if path.stem in vague] == []


# --- Errors.


def _leaves(kind: type[CoachError]) -> Iterator[type[CoachError]]:
    below = kind.__subclasses__()
    if not below:
        yield kind
    for error in below:
        yield from _leaves(error)


ERRORS = sorted(_leaves(CoachError), key=lambda error: error.__name__)


def test_every_error_is_in_the_tree_that_is_drawn() -> None:
    drawn = re.findall(r"(?:\|--|`--) (\w+)", errors.__doc__ or "")
    defined = {name for name, error in vars(errors).items() if isinstance(error, type)} - {
        "ClassVar",
        "CoachError",
    }
    assert set(drawn) == defined


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_an_error_says_what_went_wrong_and_what_to_do_next(error: type[CoachError]) -> None:
    assert error.__module__ == errors.__name__
    assert issubclass(error, NotFound | Rejected | Conflict | Unavailable)
    message = error.__doc__
    assert message
    assert message.endswith(".")
    assert "\n" not in message
    assert error.hint.endswith(".")
    assert error().explain() == f"{message} {error.hint}"


# --- What may not be in the repository.

FORBIDDEN = {
    "the host of a package registry": re.compile(
        r"(?:pypi|pythonhosted|npmjs|yarnpkg|anaconda|crates)\.(?:org|com|io)"
        r"|proxy\.golang|https?://[^\s\"'<>]+/simple\b"
    ),
    "a path of one machine": re.compile(
        r"(?<![\w.:/}-])/(?:work|home|Users|opt/dev|root(?!/\.cache/))/[\w.-]"
    ),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}"),
}


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = []
    for path in _committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{_name(path)}: {what}: {match[0]}"
            for what, pattern in FORBIDDEN.items()
            for match in pattern.finditer(text)
        ]
    assert found == []
