"""What the record says to do: where it hurts, and what to practise next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from maang_mcp.content.rounds import rounds
from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.planning import Filters, Recommendation, next_best
from maang_mcp.domain.planning import Practice as Kind
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round, SkillGraph
from maang_mcp.domain.weakness import Label, Weakness

from .answers.practice import NextProblem, StrengthFound, Weaknesses
from .dates import parse_since
from .library import listed
from .record import EVIDENCE_WINDOW, Record
from .remembering import Answers
from .requests import Wanted
from .weakness_views import practised_rounds, round_, rounds_of, shown, status_line

if TYPE_CHECKING:
    from db import Store

SESSION = timedelta(hours=12)
"""Attempts this recent count as the same sitting when reviews are rationed."""

UNTESTED_SHOWN = 8
RESOLVED_SHOWN = 3


class Coaching:
    """Use-cases that read the record and advise; none of them writes."""

    def __init__(
        self,
        store: Store,
        answers: Answers,
        catalogue: Catalogue,
        graph: SkillGraph,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._answers = answers
        self._catalogue = catalogue
        self._graph = graph
        self._clock = clock

    async def weakness_report(
        self,
        learner: Learner,
        *,
        skill: str | None = None,
        round: Round | None = None,
        since: str | None = None,
        limit: int = 5,
    ) -> Weaknesses:
        """Weaknesses with their evidence, the surest first; says so when there is too little.

        `skill` narrows to one skill or family, `round` to findings from that kind of interview,
        `since` to findings cited after that moment.
        """
        now = self._clock()
        wanted = {one.id for one in self._graph.topic(skill)} if skill else None
        moment = parse_since(since, now) if since else None
        return await self._answers.remembered(
            learner,
            Weaknesses,
            lambda: self._weaknesses(learner, now, wanted, round, moment, limit),
            "weakness_report",
            skill,
            round,
            since,
            limit,
            now.strftime("%Y-%m-%dT%H"),
        )

    async def next_problem(self, learner: Learner, wanted: Wanted) -> NextProblem:
        """What to practise now and why; the same until something new is on record.

        Raises UnknownSkill for a skill and InvalidInput for a list that nobody knows.
        """
        now = self._clock()
        async with self._store.reading(learner.id) as uow:
            record = await Record.read(uow)
        found = self.recommend(record, learner, wanted, now)
        if found is None:
            return NextProblem(
                status="No problem fits these filters; loosen one of them.",
                problem=None,
                reason="Nothing that fits is new or due.",
                skill=None,
                success_probability=None,
                next_actions=["search_problems"],
            )
        return NextProblem(
            status=f"Next: {found.problem.title} ({found.problem.difficulty}). {found.reason}",
            problem=listed(found.problem, record.last.get(found.problem.slug), None),
            reason=found.reason,
            skill=found.skill,
            success_probability=round_(found.expected),
            next_actions=["record_attempt", "start_interview"]
            if found.problem.round in rounds()
            else ["record_attempt"],
        )

    def recommend(
        self, record: Record, learner: Learner, wanted: Wanted, now: datetime
    ) -> Recommendation | None:
        """The domain's choice, with dice that fall alike until the record changes."""
        dice = Random(f"{learner.id}:{record.generation}")
        topic = self._graph.topic(wanted.skill) if wanted.skill else ()
        candidates = [*self._catalogue, *record.own.values()]
        if wanted.list_name:
            found = self._catalogue.search(list_name=wanted.list_name)
            on_list = {problem.slug for problem in found}
            candidates = [problem for problem in candidates if problem.slug in on_list]
        return next_best(
            record.state,
            self._graph,
            candidates,
            now,
            draw=dice.gauss,
            uniform=dice.random,
            reviews=record.reviews_by(now),
            last_outcomes={slug: entry.outcome for slug, entry in record.last.items()},
            recent=_session(record, now),
            filters=Filters(
                skills=frozenset(skill.id for skill in topic),
                difficulty=wanted.difficulty,
                minutes=wanted.max_minutes,
                round=wanted.round,
            ),
        )

    async def _weaknesses(
        self,
        learner: Learner,
        now: datetime,
        wanted: set[str] | None,
        round: Round | None,
        since: datetime | None,
        limit: int,
    ) -> Weaknesses:
        async with self._store.reading(learner.id) as uow:
            record = await Record.read(uow)
            opened = {(w.kind, w.name): w for w in await uow.practice.open_weaknesses()}
            resolved = await uow.practice.resolved_weaknesses(EVIDENCE_WINDOW)
        report = record.diagnose(self._graph, now)
        families = {self._graph[name].family for name in wanted or ()}

        def concerns(weakness: Weakness) -> bool:
            if wanted is not None and weakness.name not in wanted | families:
                return False
            if round and round not in rounds_of(weakness, self._graph, record.evidence):
                return False
            cited = (weakness.resolved_at, *(evidence.at for evidence in weakness.evidence))
            return since is None or any(at is not None and at >= since for at in cited)

        chosen = sorted(
            filter(concerns, report.weaknesses),
            key=lambda weakness: (
                list(Label).index(weakness.label),
                -weakness.severity * weakness.confidence,
            ),
        )
        found = [
            shown(weakness, opened.get((weakness.kind, weakness.name)))
            for weakness in chosen[:limit]
        ]
        overcome = [weakness for weakness in resolved if concerns(weakness)]
        shown_rounds = {round} if round else practised_rounds(record.state, self._graph)
        untested = [
            name
            for name in report.untested
            if (name in wanted if wanted is not None else self._graph[name].round in shown_rounds)
        ]
        return Weaknesses(
            status=status_line(report, chosen, wanted, record.state, self._graph, record.evidence),
            attempts=record.attempts,
            enough_evidence=report.enough_evidence,
            weaknesses=found,
            strengths=[
                StrengthFound(s.skill, round_(s.expected), s.n)
                for s in report.strengths[:limit]
                if wanted is None or s.skill in wanted
            ],
            untested=untested[:UNTESTED_SHOWN],
            resolved=[shown(weakness, weakness) for weakness in overcome[:RESOLVED_SHOWN]],
            next_actions=["next_problem", "retrieve_context"],
        )


def _session(record: Record, now: datetime) -> list[Kind]:
    """What the current sitting consisted of: problems seen before were reviews."""
    return [
        Kind.REVIEW if record.last[entry.attempt.problem].attempts > 1 else Kind.NEW
        for entry in record.evidence
        if now - entry.attempt.at < SESSION
    ]
