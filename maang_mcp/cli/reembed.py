"""`maang-mcp reembed`: another embedding model for a store that is in use.

It is run with the new setting while servers still run with the old one; `services.reembedding`
tells the three steps. Progress goes to stderr, the result to stdout.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from typing import TYPE_CHECKING, Final

from maang_mcp.domain.errors import WrongSettings
from maang_mcp.telemetry import configure_logging

from .settings import load_settings

if TYPE_CHECKING:
    from maang_mcp.config import Settings
    from maang_mcp.services.reembedding import Advance

EVERY_S: Final = 2.0
"""Between two lines of progress."""


def run(arguments: argparse.Namespace) -> int:
    """Embeds what the configured model has not seen; with `--finish` forgets the other models.

    Raises WrongSettings without a model, EmbedderUnavailable, StoreUnavailable, and Rejected when
    the account may not list the learners.
    """
    settings = load_settings()
    if settings.embedder == "none":
        raise WrongSettings("MAANG_EMBEDDER is none: there is no model to embed with.")
    configure_logging(settings.log_level)
    told = asyncio.run(_reembed(settings, arguments.learner or [], finish=arguments.finish))
    sys.stdout.write("\n".join(told) + "\n")
    return 0


async def _reembed(settings: Settings, subjects: list[str], *, finish: bool) -> list[str]:
    from maang_mcp.app import open_coach
    from maang_mcp.domain.profile import Learner
    from maang_mcp.services.reembedding import Reembedding

    async with open_coach(settings) as coach:
        reembedding = Reembedding(coach.store, coach.embedder, coach.backlog)
        learners = [Learner.of(subject) for subject in subjects] or await reembedding.everybody()
        embedded = await reembedding.run(learners, _Progress())
        told = [f"Embedded by {coach.embedder.identity}: {embedded} passages"]
        if finish:
            told.append(f"Now its own place in the index: {await reembedding.finish(learners)}")
        else:
            told.append(
                "Start the servers anew with this setting; `maang-mcp reembed --finish` then "
                "forgets the vectors of other models."
            )
    return told


class _Progress:
    """A line on stderr now and then."""

    def __init__(self) -> None:
        self._began = self._told = time.monotonic()

    def __call__(self, advance: Advance) -> None:
        now = time.monotonic()
        if now - self._told < EVERY_S and advance.done < advance.total:
            return
        self._told = now
        pace = advance.done / max(now - self._began, 1e-3)
        left = (advance.total - advance.done) / pace
        sys.stderr.write(
            f"reembed: {advance.done} of {advance.total} passages, {pace:.0f} per second, "
            f"{left:.0f} s left\n"
        )
        sys.stderr.flush()
