"""Putting one attempt on record, with everything that follows from it, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from maang_mcp.domain.attempt import Attempt
from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.company import Company
from maang_mcp.domain.diagnosis import weakness_report
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.domain.problem import ItemDifficulty, Problem, time_limit
from maang_mcp.domain.scheduling import Review
from maang_mcp.domain.search import IndexedPassage
from maang_mcp.domain.skills import SkillGraph
from maang_mcp.domain.standing import Consequence, Standing, practise
from maang_mcp.domain.weakness import (
    Weakness,
    transitions,
)

from .record import EVIDENCE_WINDOW, SCORES_WINDOW
from .replaying import Replayed, Replayer

if TYPE_CHECKING:
    from db import UnitOfWork

    from .indexing import Indexer


@dataclass(frozen=True, slots=True)
class Prepared:
    """An attempt with its memory, indexed before the transaction began; `asked_by` are companies
    that asked the problem, by the learner's account."""

    attempt: Attempt
    problem: Problem
    memory: Memory
    passages: list[IndexedPassage]
    asked_by: Sequence[Company] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording it brought about: `consequence` is its own, `standing` that of all attempts,
    later ones included; `introduced` tells of a problem nobody knew before."""

    consequence: Consequence
    standing: Standing
    opened: tuple[Weakness, ...]
    resolved: tuple[Weakness, ...]
    introduced: bool

    @property
    def review(self) -> Review:
        """The review card of the problem as it stands now."""
        return self.standing.problems[self.consequence.problem.slug].review


class Recorder:
    """Applies attempts to what is believed about a learner, and stores both."""

    def __init__(
        self,
        indexer: Indexer,
        graph: SkillGraph,
        catalogue: Catalogue,
        new_id: Callable[[], UUID],
    ) -> None:
        self._indexer = indexer
        self._graph = graph
        self._new_id = new_id
        self._replayer = Replayer(graph, catalogue, new_id)

    def prepare(
        self,
        attempt: Attempt,
        problem: Problem,
        asked_by: Sequence[Company] = (),
    ) -> Prepared:
        """Writes the attempt's memory and cuts it into passages: work, so before any lock."""
        memory = Memory(
            id=self._new_id(),
            kind=MemoryKind.ATTEMPT,
            title=problem.title,
            content=_told(attempt, problem),
            occurred_at=attempt.at,
            tags=(
                *problem.skills,
                *(mistake.value for mistake in attempt.mistakes),
                *(company.name for company in asked_by),
            ),
            problem=problem.slug,
            interview_id=attempt.interview_id,
        )
        passages = self._indexer.index(memory, problem)
        return Prepared(attempt, problem, memory, passages, asked_by)

    async def record(
        self,
        uow: UnitOfWork,
        prepared: Prepared,
        now: datetime,
        *,
        request: str,
        answer: Callable[[Recorded], Mapping[str, Any]],
    ) -> Recorded:
        """Stores the attempt and all it changes; `answer` is kept for a retry under the same id.

        An attempt that happened before the latest one on record, or that tells more of a custom
        problem than was known, changes what was believed since: then that is replayed, so that the
        order of telling never matters.
        """
        attempt, told = prepared.attempt, prepared.problem
        known = await self._known(uow, told)
        problem = told if known is None else completed(known, told)
        if known is None:
            await uow.practice.add_custom_problem(problem, now)
        elif problem != known:
            await uow.practice.complete_custom_problem(problem)
        standing = await uow.practice.standing(problem.slug)
        replayed: Replayed | None = None
        since = await _changed_since(uow, attempt, standing, problem, known)
        if since is not None:
            replayed = await self._replayer.replay(uow, since, (attempt, problem))
            consequence = next(c for c in replayed.consequences if c.attempt.id == attempt.id)
            standing = replayed.standing
            opened, resolved = _turned(await uow.practice.open_weaknesses(), replayed.weaknesses)
        else:
            consequence = practise(standing, attempt, problem)
            standing = consequence.standing
            opened, resolved = await self._transitions(uow, consequence)
        unheard_of = known is None and not problem.bank
        recorded = Recorded(consequence, standing, opened, resolved, introduced=unheard_of)

        await uow.practice.add_attempt(
            attempt, problem, request=request, answer=answer(recorded), recorded_at=now
        )
        if replayed is None:
            await uow.practice.save_consequence(consequence)
            await self._note_transitions(uow, recorded)
        else:
            await self._replayer.store(uow, replayed)
        await uow.tags.tag(problem.slug, prepared.asked_by, now)
        await uow.memory.add(
            prepared.memory,
            prepared.passages,
            recorded_at=now,
            embedder_identity=self._indexer.identity,
            attempt_id=attempt.id,
        )
        return recorded

    async def rebuild(
        self, uow: UnitOfWork, since: datetime | None = None, touching: Iterable[str] = ()
    ) -> int:
        """Derives anew what the attempts on record from `since` on (None: all) have to do with,
        and the reviews of the problems in `touching`; returns how many attempts that are."""
        replayed = await self._replayer.replay(uow, since, touching=touching)
        await self._replayer.store(uow, replayed)
        return len(replayed.consequences)

    async def _known(self, uow: UnitOfWork, told: Problem) -> Problem | None:
        """The problem as it is known: a custom one as it is stored, None for a new one."""
        if not told.custom:
            return told
        own = await uow.practice.custom_problems()
        return next((replace(one, bank=told.bank) for one in own if one.slug == told.slug), None)

    async def _transitions(
        self, uow: UnitOfWork, consequence: Consequence
    ) -> tuple[tuple[Weakness, ...], tuple[Weakness, ...]]:
        """What the latest attempt opened and resolved."""
        evidence = [*await uow.practice.evidence(EVIDENCE_WINDOW - 1), consequence.evidence]
        state, at = consequence.standing.learner, consequence.attempt.at
        scores = await uow.interview.dimension_scores(SCORES_WINDOW, before=at)
        report = weakness_report(state, self._graph, evidence, at, scores=scores)
        return transitions(await uow.practice.open_weaknesses(), report, at)

    async def _note_transitions(self, uow: UnitOfWork, recorded: Recorded) -> None:
        for weakness in recorded.opened:
            await uow.practice.open_weakness(self._new_id(), weakness)
        for weakness in recorded.resolved:
            await uow.practice.resolve_weakness(weakness)


async def _changed_since(
    uow: UnitOfWork, attempt: Attempt, standing: Standing, problem: Problem, known: Problem | None
) -> datetime | None:
    """From when on what was derived does not hold any more; None when all of it does."""
    if known not in (None, problem):
        first = await uow.practice.first_attempt_at(problem.slug)
        return attempt.at if first is None else min(attempt.at, first)
    return attempt.at if await _is_late(uow, attempt, standing) else None


async def _is_late(uow: UnitOfWork, attempt: Attempt, standing: Standing) -> bool:
    """Whether it happened before the latest attempt on record; a day told without a time makes
    several simultaneous, and then their ids decide, as they do in a replay."""
    last = standing.learner.last_attempt
    if last is None or attempt.at != last:
        return last is not None and attempt.at < last
    (latest,) = await uow.practice.evidence(1)
    return attempt.id < latest.attempt.id


def completed(known: Problem, told: Problem) -> Problem:
    """A custom problem with what was not known of it before; what is known is never changed,
    except that a question of the bank is what the bank says."""
    if told.bank:
        return told
    if not known.custom:
        return known
    skills = known.skills or told.skills
    assumed = ItemDifficulty.assumed()
    if known.item != assumed or told.item == assumed:
        return replace(known, skills=skills)
    return replace(
        known,
        skills=skills,
        difficulty=told.difficulty,
        minutes=time_limit(told.difficulty, known.round),
        item=told.item,
    )


def _turned(
    before: Sequence[Weakness], history: Sequence[Weakness]
) -> tuple[tuple[Weakness, ...], tuple[Weakness, ...]]:
    """What is open in another history and was not before, and what was and is not any more."""
    now_open = {(w.kind, w.name): w for w in history if w.resolved_at is None}
    was_open = {(w.kind, w.name): w for w in before}
    return (
        tuple(weakness for key, weakness in now_open.items() if key not in was_open),
        tuple(weakness for key, weakness in was_open.items() if key not in now_open),
    )


def _told(attempt: Attempt, problem: Problem) -> str:
    """The attempt in words, as it will be read and found later."""
    outcome = attempt.outcome.replace("_", " ")
    first = f"{outcome.capitalize()}: {problem.title} ({problem.difficulty})"
    if attempt.minutes is not None:
        first += f" in {attempt.minutes:g} of {problem.minutes} minutes"
    if attempt.hints:
        first += f" with {attempt.hints} hint{'s' * (attempt.hints > 1)}"
    lines = [f"{first}."]
    if attempt.mistakes:
        named = ", ".join(mistake.replace("_", " ") for mistake in attempt.mistakes)
        lines.append(f"Mistakes: {named}.")
    if attempt.culprit_skill:
        lines.append(f"What failed: {attempt.culprit_skill}.")
    for label, text in (("Approach", attempt.approach), ("Note", attempt.note)):
        if text:
            lines.append(f"{label}: {text}")
    if attempt.code:
        lines.append(attempt.code)
    return "\n".join(lines)
