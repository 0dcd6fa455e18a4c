"""`maang-mcp demo`: a scripted candidate prepares for two weeks, in a quarter of a minute.

The candidate's words are written beforehand (`script`). What the coach answers is not: a real
server is started as a host would start it, over stdio, on an empty folder, and asked.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shlex
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import list2cmdline
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console, Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from maang_mcp.cli.installed import command_path
from maang_mcp.domain.errors import CoachError, DemoStopped, FolderInUse, StoreUnavailable
from maang_mcp.telemetry import configure_logging

from .answers import facts
from .lines import Scene
from .script import scenes

if TYPE_CHECKING:
    from fastmcp import Client

PATIENCE_S: Final = 120.0
"""How long the first answer may take: an empty store is being made for it."""
STOPPING_S: Final = 10.0

LOG: Final = "server.log"
LOG_LINES: Final = 15
"""How much of the server's log is shown when the demo stops; its folder may be gone then."""

_NAME_WIDTH: Final = 5

_PASSED_ON: Final = ("MAANG_EMBEDDER", "MAANG_EMBEDDING_MODEL")
"""Of the user's settings, what makes the demo no less a demo; above all not their database."""


def run(arguments: argparse.Namespace) -> int:
    """Plays the script.

    Raises FolderInUse, StoreUnavailable when the store does not open, and DemoStopped when the
    server ends or refuses a call; the end of its log is shown first.
    """
    configure_logging("ERROR")
    console = Console(highlight=False)
    began = time.monotonic()
    with _folder(arguments.data_dir) as folder:
        try:
            asyncio.run(_play(console, folder))
        except CoachError:
            _show_log(folder)
            raise
        finally:
            _wait_until_stopped(folder)
    console.print()
    console.print(Text(f"Played in {time.monotonic() - began:.0f} seconds.", "dim"))
    console.print(_how_to_connect(), soft_wrap=True)
    return 0


async def _play(console: Console, folder: Path) -> None:
    from mcp import MCPError

    console.print(
        "Ada's words are scripted. Every word and number of the coach is the answer of the MCP "
        f"server, running over stdio on an empty folder: {folder}"
    )
    seen: dict[str, dict[str, Any]] = {}
    script = scenes(datetime.now(UTC))
    first = next(number for number, scene in enumerate(script) if scene.restarted)
    try:
        for sitting in (script[:first], script[first:]):
            async with _server(console, folder) as client:
                for scene in sitting:
                    await _play_scene(console, client, scene, seen)
    except MCPError as error:
        raise DemoStopped(f"The server stopped answering: {error}.") from error


async def _play_scene(
    console: Console, client: Client[Any], scene: Scene, seen: dict[str, dict[str, Any]]
) -> None:
    from fastmcp.exceptions import ToolError

    console.print()
    console.print(Rule(Text(scene.title, "bold"), align="left", characters="-"))
    for line in scene.lines:
        if line.words:
            console.print()
            console.print(_said("Ada", "bold cyan", Text(line.words)))
        try:
            result = await client.call_tool(line.tool, line.call(seen))
        except ToolError as error:
            raise DemoStopped(f"{line.tool} was refused: {error}") from error
        answer = result.structured_content or {}
        seen[line.tool] = answer
        status = Text.assemble(answer["status"], (f"  {line.tool}", "dim italic"))
        shown = [Text(fact, "dim") for fact in facts(line.tool, answer)]
        console.print(_said("Coach", "bold green", status, *shown))


@asynccontextmanager
async def _server(console: Console, folder: Path) -> AsyncIterator[Client[Any]]:
    """A new server process and a client of it, once it answers."""
    from fastmcp import Client
    from fastmcp.client.transports import StdioTransport
    from mcp import MCPError
    from mcp.types import CONNECTION_CLOSED

    settings = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    settings |= {"MAANG_DATA_DIR": str(folder), "MAANG_OFFLINE": "true"}
    transport = StdioTransport(
        str(command_path()), ["serve"], env=settings, keep_alive=False, log_file=folder / LOG
    )
    async with Client(transport) as client:
        with console.status("The server opens its store ..."):
            deadline = time.monotonic() + PATIENCE_S
            while True:
                try:
                    await client.read_resource("maang://stats")
                    break
                except MCPError as error:
                    if error.code == CONNECTION_CLOSED:
                        raise
                    if time.monotonic() > deadline:
                        raise StoreUnavailable(f"The server does not answer: {error}") from error
        yield client


@contextmanager
def _folder(wanted: Path | None) -> Iterator[Path]:
    if wanted is not None:
        if wanted.exists() and (not wanted.is_dir() or any(wanted.iterdir())):
            raise FolderInUse(f"{wanted} is not empty.")
        wanted.mkdir(parents=True, exist_ok=True)
        yield wanted.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="maang-demo-", ignore_cleanup_errors=True) as made:
        os.chmod(made, 0o711)  # under root, Postgres runs as somebody else and has to pass through
        yield Path(made)


def _show_log(folder: Path) -> None:
    log = folder / LOG
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    sys.stderr.writelines(f"{LOG}: {line}\n" for line in lines[-LOG_LINES:])


def _wait_until_stopped(folder: Path) -> None:
    """The store stops after its last client; a folder can be deleted only once it did."""
    from db.embedded import server_running

    deadline = time.monotonic() + STOPPING_S
    while server_running(folder) and time.monotonic() < deadline:
        time.sleep(0.1)


def _said(name: str, style: str, *parts: RenderableType) -> Table:
    """A name, and beside it what was said."""
    table = Table.grid(padding=(0, 2))
    table.add_column(width=_NAME_WIDTH, no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(Text(name, style), Group(*parts))
    return table


def _how_to_connect() -> str:
    command = str(command_path())
    entry = {"mcpServers": {"maang": {"command": command, "args": ["serve"]}}}
    typed = list2cmdline([command]) if sys.platform == "win32" else shlex.quote(command)
    return (
        "\nConnect your assistant to a coach of your own:\n\n"
        f"  Claude Code      claude mcp add maang -- {typed} serve\n"
        "  Claude Desktop   put this into claude_desktop_config.json (Settings, Developer):\n"
        "  Cursor           put this into ~/.cursor/mcp.json:\n\n"
        f"{json.dumps(entry, indent=2)}\n\n"
        'Then say "hi".'
    )
