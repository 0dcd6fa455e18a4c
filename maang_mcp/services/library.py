"""The catalogue as this learner sees it: every problem with how it went so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING

from maang_mcp.domain.attempt import LastAttempt
from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.errors import UnknownProblem
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.scheduling import retrievability

from .answers.practice import ProblemFound, Problems, ProblemShown
from .interview_views import brief_of
from .record import Record, practised
from .requests import Status, Wanted
from .shelf import Shelf
from .tagged import Tagged

if TYPE_CHECKING:
    from db import Store


class Library:
    """Use-cases over problems; none of them writes."""

    def __init__(self, store: Store, catalogue: Catalogue, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._catalogue = catalogue
        self._shelf = Shelf(catalogue)
        self._clock = clock

    async def search_problems(
        self, learner: Learner, wanted: Wanted, *, status: Status = "any", limit: int = 10
    ) -> Problems:
        """Problems of the catalogue and the learner's own, with how they went so far."""
        now = self._clock()
        async with self._store.reading(learner.id) as uow:
            record = await Record.read(uow, evidence=False)
            tagged = await Tagged.read(uow, wanted.company)
        days = record.due_days(now)
        due = {review.problem for review in record.due(now)} if status == "due" else set()
        found = self._catalogue.search(
            wanted.query,
            skill=wanted.skill,
            difficulty=wanted.difficulty,
            list_name=wanted.list_name,
            round=wanted.round,
            max_minutes=wanted.max_minutes,
            also=record.own.values(),
        )
        kept = [
            p
            for p in found
            if (tagged.problems is None or p.slug in tagged.problems)
            and _has_status(status, record.last.get(p.slug), due=p.slug in due)
        ]
        shown = [listed(p, record.last.get(p.slug), days.get(p.slug)) for p in kept[:limit]]
        return Problems(
            status=f"{len(kept)} problem{'s' * (len(kept) > 1)} found, {len(shown)} shown."
            if kept
            else tagged.nothing() or "No problem matches; loosen a filter.",
            total=len(kept),
            problems=shown,
            next_actions=["record_attempt", "start_interview"]
            if kept
            else ["record_attempt" if tagged.nothing() else "next_problem"],
        )

    async def due(self, learner: Learner) -> list[ProblemFound]:
        """The problems whose review is due, the most forgotten first."""
        now = self._clock()
        async with self._store.reading(learner.id) as uow:
            record = await Record.read(uow, evidence=False)
        found, days = [], record.due_days(now)
        for review in sorted(record.due(now), key=lambda review: retrievability(review, now)):
            problem = practised(review.problem, self._catalogue, record.own)
            found.append(listed(problem, record.last.get(problem.slug), days[problem.slug]))
        return found

    async def problem(self, learner: Learner, name: str) -> ProblemShown:
        """One problem with how it went so far, and what the candidate sees of one of ours.

        Raises UnknownProblem, naming what is near.
        """
        async with self._store.reading(learner.id) as uow:
            record = await Record.read(uow, evidence=False)
        own = record.own.values()
        found = self._catalogue.resolve(name, also=own)
        if found is None:
            near = ", ".join(problem.slug for problem in self._catalogue.near(name, also=own))
            raise UnknownProblem(
                f"No problem goes by the name {name[:80]!r}"
                + (f"; near it: {near}." if near else ".")
            )
        due = record.due_days(self._clock()).get(found.slug)
        asked = self._shelf.known(found.slug, list(own))
        return ProblemShown(
            **asdict(listed(found, record.last.get(found.slug), due)),
            number=found.number,
            lists=list(found.lists),
            item_difficulty=round(found.item.mean, 2),
            item_variance=found.item.variance,
            item_source=found.item.source,
            subscriber_only=found.subscriber_only,
            brief=brief_of(asked).text if asked is not None and asked.question else None,
        )


def _has_status(status: Status, last: LastAttempt | None, *, due: bool) -> bool:
    match status:
        case "any":
            return True
        case "new":
            return last is None
        case "attempted":
            return last is not None
        case "solved":
            return last is not None and last.outcome.value.startswith("solved")
        case "due":
            return due


def listed(problem: Problem, last: LastAttempt | None, due: date | None) -> ProblemFound:
    """A problem as it is listed."""
    return ProblemFound(
        problem=problem.slug,
        title=problem.title,
        difficulty=problem.difficulty,
        skills=list(problem.skills),
        minutes=problem.minutes,
        url=problem.url,
        attempts=0 if last is None else last.attempts,
        last=None if last is None else last.outcome,
        due=due,
        asked_with=problem.interview,
    )


def how_asked(problem: Problem) -> str:
    """A sentence on how a problem is to be had that stands on no site; empty for all others."""
    return f" It is asked with {problem.interview}." if problem.interview else ""
