"""What the record says to do: where it hurts, and what to practise next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.planning import Filters, Recommendation, next_best
from maang_mcp.domain.planning import Practice as Kind
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round, SkillGraph
from maang_mcp.domain.weakness import Weakness, surest_first

from .answers.practice import NextProblem, StrengthFound, Weaknesses
from .dates import parse_since, today_of
from .library import how_asked, listed
from .plan_progress import PlanInForce
from .planned_today import mock_proposed, planned_first
from .record import EVIDENCE_WINDOW, Record
from .remembering import Answers
from .requests import Wanted
from .tagged import Tagged
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
        limit: int = 3,
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

        Where nothing is asked for in particular, that is what the study plan has left for today.

        Raises UnknownSkill for a skill and InvalidInput for a list that nobody knows, and for a
        name that is no company's.
        """
        now = self._clock()
        async with self._store.reading(learner.id) as uow:
            record = await Record.read(uow, evidence=False)
            tagged = await Tagged.read(uow, wanted.company)
            planned = (
                await PlanInForce.read_at_hand(uow, record.profile, now, timedelta())
                if wanted == Wanted()
                else None
            )
        first = planned_first(planned, record, self._catalogue, self._graph, now)
        if first and first.practice is None:
            return mock_proposed(first.reason)
        found = (first and first.practice) or self.recommend(
            record, learner, wanted, now, tagged.problems
        )
        if found is None:
            return NextProblem(
                status=tagged.nothing() or self._nothing(record, wanted, tagged, now),
                kind=None,
                problem=None,
                reason="Nothing that fits is new or due.",
                skill=None,
                success_probability=None,
                n=None,
                next_actions=["record_attempt" if tagged.nothing() else "search_problems"],
            )
        due = record.due_days(now).get(found.problem.slug)
        return NextProblem(
            status=f"Next: {found.problem.title} ({found.problem.difficulty}). {found.reason}"
            f"{how_asked(found.problem)}",
            kind=found.kind,
            problem=listed(found.problem, record.last.get(found.problem.slug), due),
            reason=found.reason,
            skill=found.skill,
            success_probability=round_(found.expected),
            n=record.state.skill(found.skill, now).attempts if found.skill else None,
            next_actions=["start_interview", "record_attempt"]
            if found.problem.interview
            else ["record_attempt", "start_interview"],
        )

    def recommend(
        self,
        record: Record,
        learner: Learner,
        wanted: Wanted,
        now: datetime,
        only: Collection[str] | None = None,
    ) -> Recommendation | None:
        """The domain's choice among all problems or `only` those (slugs), with dice that fall
        alike until the record changes."""
        dice = Random(f"{learner.id}:{record.generation}")
        candidates, filters = self._asked_for(record, wanted, only)
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
            filters=filters,
        )

    def _asked_for(
        self, record: Record, wanted: Wanted, only: Collection[str] | None
    ) -> tuple[list[Problem], Filters]:
        """The problems to choose from, and what else they have to pass.

        A round that is not given follows from the skill; where neither is, problems are of coding,
        except for those of a company and for reviews, which come from what was practised.
        """
        topic = self._graph.topic(wanted.skill) if wanted.skill else ()
        rounds_wanted = {wanted.round} if wanted.round else {skill.round for skill in topic}
        if not (rounds_wanted or wanted.company or wanted.kind is Kind.REVIEW):
            rounds_wanted = {Round.CODING}
        own = (self._catalogue.get(slug) or told for slug, told in record.own.items())
        candidates = [*self._catalogue, *own]
        if wanted.list_name:
            found = self._catalogue.search(list_name=wanted.list_name)
            on_list = {problem.slug for problem in found}
            candidates = [problem for problem in candidates if problem.slug in on_list]
        if only is not None:
            candidates = [problem for problem in candidates if problem.slug in only]
        return candidates, Filters(
            skills=frozenset(skill.id for skill in topic),
            difficulty=wanted.difficulty,
            minutes=wanted.max_minutes,
            rounds=rounds_wanted,
            kind=wanted.kind,
        )

    def _nothing(self, record: Record, wanted: Wanted, tagged: Tagged, now: datetime) -> str:
        """Why there is nothing to propose, and what to do about it."""
        candidates, filters = self._asked_for(record, wanted, tagged.problems)
        fitting = {problem.slug for problem in candidates if filters.admit(problem)}
        dues = [review.due for review in record.reviews_by(now) if review.problem in fitting]
        due = _next_due(dues, record, now)
        if wanted.kind is Kind.REVIEW:
            return f"No review that fits is due now.{due} Ask for another kind."
        if not fitting:
            return "No problem fits these filters; loosen one of them."
        if fitting <= record.last.keys():
            return f"{_all_of(len(fitting), tagged)} practised.{due} Loosen a filter for others."
        return "No problem that fits is for a skill that is untested; ask for another kind."

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
            record = await Record.read(uow, problems=False)
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

        chosen = surest_first(filter(concerns, report.weaknesses))
        found = [
            shown(weakness, opened.get((weakness.kind, weakness.name)))
            for weakness in chosen[:limit]
        ]
        overcome = [
            weakness
            for weakness in resolved
            if (weakness.kind, weakness.name) not in opened and concerns(weakness)
        ]
        shown_rounds = {round} if round else practised_rounds(record.state, self._graph)
        untested = [
            name
            for name in report.untested
            if (name in wanted if wanted is not None else self._graph[name].round in shown_rounds)
        ]
        return Weaknesses(
            status=status_line(
                report, chosen, wanted, round, record.state, self._graph, record.evidence
            ),
            attempts=record.attempts,
            enough_evidence=report.enough_evidence,
            weaknesses=found,
            strengths=[
                StrengthFound(s.skill, round_(s.expected), round_(s.confidence), s.n)
                for s in report.strengths
                if (wanted is None or s.skill in wanted)
                and (round is None or self._graph[s.skill].round is round)
            ][:limit],
            untested=untested[:UNTESTED_SHOWN],
            resolved=[shown(weakness, weakness) for weakness in overcome[:RESOLVED_SHOWN]],
            next_actions=["next_problem", "retrieve_context"],
        )


def _session(record: Record, now: datetime) -> list[Kind]:
    """What the current sitting consisted of: problems seen before were reviews."""
    return [
        Kind.REVIEW if repeat else Kind.NEW for at, repeat in record.sitting if now - at < SESSION
    ]


def _all_of(number: int, tagged: Tagged) -> str:
    """Every problem that fits, as the subject of a sentence with its verb."""
    kind = f"{tagged.company.name} problem" if tagged.company else "problem"
    if number == 1:
        return f"The one {kind} that fits is"
    return f"{'Both' if number == 2 else f'All {number}'} {kind}s that fit are"


def _next_due(dues: Sequence[datetime], record: Record, now: datetime) -> str:
    if not dues:
        return ""
    first = min(dues)
    if first <= now:
        return " A review of them is due now."
    return f" The next review is due on {today_of(record.profile, first)}."
