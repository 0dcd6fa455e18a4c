"""`maang-mcp doctor`: looks at everything a server needs, and says what to do about each failure.

Looking changes nothing: an old schema is reported, not upgraded. Only `--replay` writes.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from maang_mcp.cli.settings import load_settings
from maang_mcp.domain.errors import CoachError, WrongSettings
from maang_mcp.telemetry import configure_logging

from .findings import Finding, State, is_well, print_json, print_table

if TYPE_CHECKING:
    from maang_mcp.config import Settings


def run(arguments: argparse.Namespace) -> int:
    """Prints every finding; 1 if something does not work, else 0."""
    configure_logging("ERROR")
    findings = asyncio.run(_collect(replay=arguments.replay))
    (print_json if arguments.json else print_table)(findings)
    return 0 if is_well(findings) else 1


async def _collect(*, replay: bool) -> list[Finding]:
    from . import checks

    findings = [checks.python(), checks.command(), checks.variables()]
    try:
        settings = load_settings()
    except WrongSettings as error:
        return [*findings, Finding("settings", State.FAIL, error.message, error.next_step)]
    return findings + [finding async for finding in _examine(settings, replay=replay)]


async def _examine(settings: Settings, *, replay: bool) -> AsyncIterator[Finding]:
    from . import checks, store

    yield checks.address(settings)
    yield checks.disk(settings.data_dir)
    sound = True
    async for finding in store.examined(settings):
        sound = sound and finding.state is not State.FAIL
        yield finding
    yield await checks.model(settings)
    yield await checks.cache(settings)
    if replay and sound:
        yield await _replayed(settings)


async def _replayed(settings: Settings) -> Finding:
    from maang_mcp.app import open_coach
    from maang_mcp.domain.profile import Learner

    try:
        async with open_coach(settings) as coach:
            attempts = await coach.practice.replay(Learner.of(settings.learner))
    except CoachError as error:
        return Finding("replay", State.FAIL, error.message, error.next_step)
    told = f"everything about {settings.learner!r} derived anew from {attempts} attempts"
    return Finding("replay", State.OK, told)
