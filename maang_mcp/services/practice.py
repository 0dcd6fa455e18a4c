"""Practising: what happened goes on record, and what follows from it is derived at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from maang_mcp.domain.attempt import Attempt, Outcome, culprit_of
from maang_mcp.domain.catalogue import LIKELY, Catalogue
from maang_mcp.domain.company import companies
from maang_mcp.domain.errors import UnknownAttempt, UnknownProblem, UnknownSkill
from maang_mcp.domain.mastery import LearnerState, mastery
from maang_mcp.domain.problem import Problem, custom_problem
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.scrubbing import clean_text, fence, scrub
from maang_mcp.domain.skills import SkillGraph
from maang_mcp.domain.weakness import Weakness

from .answers.practice import AttemptRecorded, AttemptShown, SkillMoved
from .dates import parse_past
from .receipts import answered_before, digest, stored
from .recording import Recorded, Recorder, completed
from .requests import AttemptReport
from .weakness_views import named

if TYPE_CHECKING:
    from db import Store

    from .backlog import Backlog


class Practice:
    """Use-cases over attempts."""

    def __init__(
        self,
        store: Store,
        recorder: Recorder,
        backlog: Backlog,
        catalogue: Catalogue,
        graph: SkillGraph,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID],
    ) -> None:
        self._store = store
        self._recorder = recorder
        self._backlog = backlog
        self._catalogue = catalogue
        self._graph = graph
        self._clock = clock
        self._new_id = new_id

    async def record_attempt(
        self, learner: Learner, report: AttemptReport, attempt_id: UUID | None = None
    ) -> AttemptRecorded:
        """Puts an attempt on record; the same id again changes nothing and is answered alike.

        Raises InvalidInput for values that make no sense or a moment in the future, UnknownSkill
        for a skill the graph does not have, UnknownProblem for a topic in a problem's place,
        Conflict for an id used for another report, and StoreUnavailable, which says whether
        anything may have been written.
        """
        now = self._clock()
        request = digest(report)
        problem = await self._problem(learner, report)
        attempt = self._attempt(report, problem, attempt_id or self._new_id(), now)
        if attempt_id is not None and (known := await self._known(learner, attempt_id)):
            return answered_before(known, request, AttemptRecorded, attempt_id)
        prepared = self._recorder.prepare(attempt, problem, companies(report.companies))
        async with self._store.writing(learner.id, learner.subject) as uow:
            if attempt_id is not None and (known := await uow.practice.answered(attempt_id)):
                return answered_before(known, request, AttemptRecorded, attempt.id)
            interview_date = (await uow.learner.profile()).interview_date
            cap = date.max if interview_date is None else interview_date - timedelta(days=1)
            recorded = await self._recorder.record(
                uow,
                prepared,
                now,
                request=request,
                answer=lambda recorded: stored(self.answer(recorded, now, cap)),
            )
        self._backlog.note(learner, prepared.passages, now)
        return self.answer(recorded, now, cap)

    async def replay(self, learner: Learner) -> int:
        """Derives everything anew from the attempts on record; returns how many there are."""
        async with self._store.writing(learner.id, learner.subject) as uow:
            return await self._recorder.rebuild(uow)

    async def show(self, learner: Learner, attempt_id: UUID) -> AttemptShown:
        """One attempt whole. Raises UnknownAttempt."""
        async with self._store.reading(learner.id) as uow:
            attempt = await uow.practice.get_attempt(attempt_id)
        if attempt is None:
            raise UnknownAttempt(f"No attempt goes by the id {attempt_id}.")
        return shown(attempt)

    async def recent(self, learner: Learner, limit: int = 20) -> list[AttemptShown]:
        """The latest attempts, newest first."""
        async with self._store.reading(learner.id) as uow:
            return [shown(attempt) for attempt in await uow.practice.recent_attempts(limit)]

    def answer(self, recorded: Recorded, now: datetime, interview: date) -> AttemptRecorded:
        """What is told about an attempt that was recorded."""
        consequence = recorded.consequence
        attempt, problem = consequence.attempt, consequence.problem
        due = max(min(recorded.review.due.date(), interview), now.date())
        rating = consequence.rating.name.lower()
        status = (
            f"Recorded {problem.title} ({problem.difficulty}): {consequence.explain(self._graph)}. "
            f"Rated '{rating}'. Review due {due.isoformat()}."
        )
        if recorded.introduced:
            status += f" {self._unheard_of(problem)}"
        opened = [weakness.name for weakness in recorded.opened]
        resolved = [weakness.name for weakness in recorded.resolved]
        if opened:
            status += f" New weakness: {self._names(recorded.opened)}."
        if resolved:
            status += f" Resolved: {self._names(recorded.resolved)}."
        solved = attempt.outcome in (Outcome.SOLVED, Outcome.SOLVED_WITH_HINTS)
        next_actions = ["next_problem"] if solved else ["weakness_report", "next_problem"]
        if recorded.introduced:
            next_actions.append("forget")
        return AttemptRecorded(
            status=status,
            attempt_id=str(attempt.id),
            problem=problem.slug,
            title=problem.title,
            custom=problem.custom and not problem.bank,
            rating=rating,
            predicted=round(consequence.expected, 2),
            skills=_moved(recorded.standing.learner, consequence.observation.skill_changes, now),
            next_review=due,
            opened=opened,
            resolved=resolved,
            repeated=False,
            next_actions=next_actions,
            grade=consequence.grade,
            overall_change=round(consequence.observation.ability_change, 2),
        )

    def _names(self, weaknesses: Iterable[Weakness]) -> str:
        return ", ".join(named(weakness, self._graph) for weakness in weaknesses)

    def _unheard_of(self, problem: Problem) -> str:
        """Says that a name was not understood, and which ones may have been meant."""
        kept = "Not in the catalogue, kept as your own problem"
        near = ", ".join(p.slug for p in self._catalogue.near(problem.title, likeness=LIKELY))
        if not near:
            return f"{kept}."
        return f"{kept}; did you mean {near}? Then forget this attempt and record it again."

    async def _known(
        self, learner: Learner, attempt_id: UUID
    ) -> tuple[str, Mapping[str, Any]] | None:
        """Spares a retry the embedding; the transaction that writes looks again."""
        async with self._store.reading(learner.id) as uow:
            return await uow.practice.answered(attempt_id)

    async def _problem(self, learner: Learner, report: AttemptReport) -> Problem:
        name = clean_text(report.problem).strip()
        if not name:
            raise UnknownProblem("The attempt names no problem.")
        found = self._catalogue.resolve(name)
        if found is not None:
            return found
        if self._is_topic(name):
            raise UnknownProblem(f"{name!r} is a topic, not a problem: which problem was it?")
        async with self._store.reading(learner.id) as uow:
            own = await uow.practice.custom_problems()
        found = self._catalogue.resolve(name, also=own)
        if found is not None and not found.custom:
            return found
        scrubbed, _ = scrub(name)
        skills = tuple(dict.fromkeys(self._graph.resolve(skill).id for skill in report.skills))
        told = custom_problem(
            scrubbed, difficulty=report.difficulty, skills=skills, round=report.round
        )
        return told if found is None else completed(found, told)

    def _is_topic(self, name: str) -> bool:
        try:
            self._graph.topic(name)
        except UnknownSkill:
            return False
        return True

    def _attempt(self, report: AttemptReport, problem: Problem, id: UUID, now: datetime) -> Attempt:
        culprit = report.culprit_skill
        approach, code, note = (
            scrub(clean_text(text).strip())[0]
            for text in (report.approach, report.code, report.note)
        )
        return Attempt(
            id=id,
            problem=problem.slug,
            round=problem.round,
            outcome=report.outcome,
            at=parse_past(report.when, now),
            minutes=report.minutes,
            hints=report.hints,
            mistakes=tuple(dict.fromkeys(report.mistakes)),
            culprit_skill=culprit_of(culprit, self._graph) if culprit else None,
            confidence=report.confidence,
            approach=approach,
            code=code,
            note=note,
        )


def shown(attempt: Attempt) -> AttemptShown:
    """An attempt as it is read back: its texts fenced as data."""
    return AttemptShown(
        attempt_id=str(attempt.id),
        problem=attempt.problem,
        outcome=attempt.outcome,
        when=attempt.at.replace(microsecond=0),
        minutes=attempt.minutes,
        hints=attempt.hints,
        mistakes=[mistake.value for mistake in attempt.mistakes],
        culprit_skill=attempt.culprit_skill,
        confidence=attempt.confidence,
        approach=fence(attempt.approach),
        code=fence(attempt.code),
        note=fence(attempt.note),
    )


def _moved(state: LearnerState, changes: Mapping[str, float], now: datetime) -> list[SkillMoved]:
    return [
        SkillMoved(
            skill=skill,
            change=round(change, 2),
            mastery=round(mastery(state, skill, now), 2),
            n=state.skills[skill].attempts,
        )
        for skill, change in sorted(changes.items(), key=lambda item: -abs(item[1]))
    ]
