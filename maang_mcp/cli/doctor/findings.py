"""What an examination found, and how it is told."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """`warn` works but not as well as it could; `fail` is configured or needed and does not."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `advice` says what to do unless it is well."""

    subject: str
    state: State
    detail: str
    advice: str = ""


_MARKS: Final = {
    State.OK: ("ok", "green"),
    State.WARN: ("warn", "yellow"),
    State.FAIL: ("FAIL", "red"),
}


def print_json(findings: Sequence[Finding]) -> None:
    """One object on stdout: whether all is well, and every finding."""
    document = {"ok": is_well(findings), "findings": [asdict(finding) for finding in findings]}
    sys.stdout.write(json.dumps(document, indent=2) + "\n")


def print_table(findings: Sequence[Finding]) -> None:
    """A table for people, and under it what to do, in order of urgency."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        mark, style = _MARKS[finding.state]
        table.add_row(Text(mark, style), finding.subject, Text(finding.detail))
    console.print(table)
    for state in (State.FAIL, State.WARN):
        for finding in findings:
            if finding.state is state and finding.advice:
                mark, style = _MARKS[state]
                line = Text.assemble((f"{mark} ", style), (f"{finding.subject}: ", "bold"))
                console.print(line.append(finding.advice), soft_wrap=True)
    console.print(_conclusion(findings))


def _conclusion(findings: Sequence[Finding]) -> str:
    if not is_well(findings):
        return "Something does not work."
    warned = any(finding.state is State.WARN for finding in findings)
    return "It works, with room for improvement." if warned else "All is well."


def is_well(findings: Sequence[Finding]) -> bool:
    """Whether nothing failed."""
    return all(finding.state is not State.FAIL for finding in findings)
