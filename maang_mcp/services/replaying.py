"""Deriving anew what an attempt told late, completed or erased has changed, and no more.

Nothing believed before a moment depends on what happened after it, so a replay begins where the
change lies: with the beliefs kept beside the attempts before it, and with the weaknesses that were
open then.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from maang_mcp.domain.attempt import Attempt
from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.diagnosis import weakness_report
from maang_mcp.domain.mastery import LearnerState
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.skills import SkillGraph
from maang_mcp.domain.standing import Consequence, Standing, remembered, replay
from maang_mcp.domain.weakness import (
    AttemptEvidence,
    DimensionScore,
    Weakness,
    WeaknessKind,
    transitions,
)

from .record import EVIDENCE_WINDOW, SCORES_WINDOW, practised

if TYPE_CHECKING:
    from db import UnitOfWork


@dataclass(frozen=True, slots=True)
class Replayed:
    """Everything derived from a moment on (None: ever): what each attempt since brought about,
    where that left the learner, and every weakness that was open then or opened later."""

    since: datetime | None
    consequences: Sequence[Consequence]
    standing: Standing
    weaknesses: Sequence[Weakness]


class Replayer:
    """Replays attempts on record, and stores what follows from them."""

    def __init__(self, graph: SkillGraph, catalogue: Catalogue, new_id: Callable[[], UUID]) -> None:
        self._graph = graph
        self._catalogue = catalogue
        self._new_id = new_id

    async def replay(
        self,
        uow: UnitOfWork,
        since: datetime | None,
        *more: tuple[Attempt, Problem],
        touching: Iterable[str] = (),
    ) -> Replayed:
        """What follows from the attempts on record and `more`, from `since` on.

        `more` happened at `since` or later; `touching` are further problems whose review may have
        changed. Begins at the beginning where the beliefs of then were not kept.
        """
        state = None if since is None else await uow.practice.learner_state_before(since)
        if state is None:
            since, state = None, LearnerState.new()
        problems = {*touching, *(problem.slug for _, problem in more)}
        told = [*await self._told(uow, since, problems), *more]
        before, after = [], told
        evidence: list[AttemptEvidence] = []
        still_open: list[Weakness] = []
        if since is not None:
            before = [pair for pair in told if pair[0].at < since]
            after = [pair for pair in told if pair[0].at >= since]
            evidence = await uow.practice.evidence(EVIDENCE_WINDOW, before=since)
            still_open = await uow.practice.weaknesses_open_at(since)
        scores = await uow.interview.dimension_scores()

        def derive() -> Replayed:
            standing = Standing(state, remembered(before))
            consequences = replay(after, standing)
            return Replayed(
                since,
                consequences,
                consequences[-1].standing if consequences else standing,
                weaknesses_of(consequences, self._graph, scores, evidence, still_open),
            )

        # Most of a millisecond an attempt: other calls go on meanwhile.
        return await asyncio.to_thread(derive)

    async def store(self, uow: UnitOfWork, replayed: Replayed) -> None:
        """Puts what was replayed in the place of what was there."""
        await uow.practice.rebuild(
            replayed.consequences, replayed.standing, partly=replayed.since is not None
        )
        await uow.practice.replace_weaknesses(
            [(self._new_id(), weakness) for weakness in replayed.weaknesses],
            since=replayed.since,
        )

    async def _told(
        self, uow: UnitOfWork, since: datetime | None, problems: Iterable[str]
    ) -> list[tuple[Attempt, Problem]]:
        own = {problem.slug: problem for problem in await uow.practice.custom_problems()}
        return [
            (attempt, practised(attempt.problem, self._catalogue, own))
            for attempt in await uow.practice.attempts_touched(since, problems)
        ]


def weaknesses_of(
    consequences: Sequence[Consequence],
    graph: SkillGraph,
    scores: Sequence[DimensionScore],
    evidence: Iterable[AttemptEvidence] = (),
    still_open: Iterable[Weakness] = (),
) -> list[Weakness]:
    """Every weakness that was open or opened, resolved since or not, had each attempt been told
    when it happened; `evidence` and `still_open` are from before the first of them."""
    window = deque(evidence, maxlen=EVIDENCE_WINDOW)
    now_open: dict[tuple[WeaknessKind, str], Weakness] = {(w.kind, w.name): w for w in still_open}
    closed: list[Weakness] = []
    for consequence in consequences:
        window.append(consequence.evidence)
        at, state = consequence.attempt.at, consequence.standing.learner
        # An interview's attempt goes on record before its scores do.
        known = [score for score in scores if score.at < at][:SCORES_WINDOW]
        report = weakness_report(state, graph, list(window), at, scores=known)
        opened, resolved = transitions(now_open.values(), report, at)
        for weakness in resolved:
            before = now_open.pop((weakness.kind, weakness.name))
            closed.append(replace(before, resolved_at=weakness.resolved_at))
        now_open |= {(weakness.kind, weakness.name): weakness for weakness in opened}
    return [*closed, *now_open.values()]
