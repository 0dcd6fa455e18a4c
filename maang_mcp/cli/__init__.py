"""The command line: `maang-mcp serve | demo | doctor | migrate | reembed`.

Importing this module costs nothing: a command is imported when it is chosen, so `--help` answers
at once and `serve` pays only for what a server needs.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from maang_mcp.domain.errors import CoachError, Rejected

FAILED: Final = 1
MISUSED: Final = 2
"""The exit status of a wrong command line or wrong settings, as argparse has it."""
INTERRUPTED: Final = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit status."""
    arguments = _parser().parse_args(argv)
    if arguments.command == "serve":
        gc.disable()  # what imports make stays: looking through it takes a tenth of the start
    command: Callable[[argparse.Namespace], int] = import_module(
        f"{__name__}.{arguments.command}"
    ).run
    try:
        return command(arguments)
    except CoachError as error:
        sys.stderr.write(f"maang-mcp: {error.explain()}\n")
        return MISUSED if isinstance(error, Rejected) else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: that reads every installed package."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"maang-mcp {version('maang-mcp')}\n")
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="maang-mcp",
        description="The interview coach that remembers, as an MCP server.",
        epilog="Settings are environment variables that begin with MAANG_; see the README.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    serve = commands.add_parser("serve", help="serve MCP over stdio (default), HTTP or SSE")
    serve.add_argument("--transport", choices=("stdio", "http", "sse"), default="stdio")
    serve.add_argument("--host", help="address for HTTP and SSE (MAANG_HOST, 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port for HTTP and SSE (MAANG_PORT, 8765)")

    demo = commands.add_parser("demo", help="play a scripted two-week preparation")
    demo.add_argument("--data-dir", type=Path, help="keep the demo's data here (default: nowhere)")

    doctor = commands.add_parser("doctor", help="check the installation; say what to do")
    doctor.add_argument("--json", action="store_true", help="print the findings as JSON")
    doctor.add_argument(
        "--replay",
        action="store_true",
        help="derive mastery, reviews and weaknesses of MAANG_LEARNER anew from the attempts",
    )

    commands.add_parser("migrate", help="bring the store's schema and content up to date")

    reembed = commands.add_parser(
        "reembed", help="embed the store with the configured model, beside servers on another"
    )
    reembed.add_argument(
        "--finish",
        action="store_true",
        help="then forget the vectors of other models: once no server uses them",
    )
    reembed.add_argument(
        "--learner", action="append", metavar="SUBJECT", help="of this one only; may be repeated"
    )
    return parser
