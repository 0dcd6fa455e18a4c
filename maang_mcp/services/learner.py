"""The learner: where they stand, what they prepare for, and their right to be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.interview import Status, expire_if_stale
from maang_mcp.domain.level import resolve_level
from maang_mcp.domain.mastery import mastery
from maang_mcp.domain.pacing import clock
from maang_mcp.domain.profile import Learner, Profile
from maang_mcp.domain.real_interview import RealInterview
from maang_mcp.domain.scrubbing import clean_text, scrub
from maang_mcp.domain.skills import Round

from .answers.learner import (
    Briefing,
    OpenInterview,
    ProfileShown,
    Roadmap,
    RoadmapSkill,
    Stats,
)
from .briefing import brief
from .coaching import Coaching
from .dates import today_of
from .onsite import waiting
from .plan_progress import PlanInForce
from .planned_today import planned_first
from .real_interviews import RealInterviews, real_line, told_of
from .record import Record
from .requests import RealReport, Wanted

if TYPE_CHECKING:
    from db import Store, UnitOfWork
    from maang_mcp.domain.agenda import RoundSpec

PROBLEMS_SHOWN = 20
HOURS_IN_A_WEEK = 168
NOTHING_TOLD = RealReport()


class Learners:
    """Use-cases about the person."""

    def __init__(
        self,
        store: Store,
        coaching: Coaching,
        round_spec: Callable[[Round, int], RoundSpec],
        catalogue: Catalogue,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID],
    ) -> None:
        self._store = store
        self._coaching = coaching
        self._round_spec = round_spec
        self._catalogue = catalogue
        self._graph = catalogue.graph
        self._clock = clock
        self._new_id = new_id
        self._real_interviews = RealInterviews(self._graph)

    async def briefing(self, learner: Learner) -> Briefing:
        """Everything a coach needs for "hi", and one proposal."""
        now = self._clock()
        async with self._store.reading(learner.id) as uow:
            record = await Record.read(uow)
            unfinished = await self._unfinished(uow, now)
            ahead = await waiting(uow, now)
            planned = await PlanInForce.read_at_hand(uow, record.profile, now)
        first = planned_first(planned, record, self._catalogue, self._graph, now)
        recommended = None if first else self._coaching.recommend(record, learner, Wanted(), now)
        report = record.diagnose(self._graph, now)
        return brief(
            record, report, recommended, unfinished, ahead, planned, first, self._graph, now
        )

    async def profile(self, learner: Learner) -> ProfileShown:
        """The profile as it is."""
        async with self._store.reading(learner.id) as uow:
            profile = await uow.learner.profile()
        return self._shown(profile, "The profile as it is.")

    async def roadmap(self, learner: Learner, topic: str | None = None) -> Roadmap:
        """The skills in learning order with their mastery; for a topic, problems that train it.

        Raises UnknownSkill for a topic there is none of.
        """
        skills = self._graph.topic(topic) if topic else tuple(self._graph.values())
        now = self._clock()
        async with self._store.reading(learner.id) as uow:
            state = await uow.practice.learner_state()
        problems = self._catalogue.search(skill=topic) if topic else []
        return Roadmap(
            skills=[
                RoadmapSkill(
                    skill=skill.id,
                    name=skill.name,
                    family=skill.family,
                    round=skill.round.value,
                    prerequisites=list(skill.prerequisites),
                    mastery=round(mastery(state, skill.id, now), 2)
                    if skill.id in state.skills
                    else None,
                    n=state.skill(skill.id, now).attempts,
                )
                for skill in skills
            ],
            problems=[problem.slug for problem in problems[:PROBLEMS_SHOWN]],
        )

    async def stats(self, learner: Learner) -> Stats:
        """Counts of what is on record."""
        async with self._store.reading(learner.id) as uow:
            return Stats(
                attempts=await uow.practice.count_attempts(),
                problems=len(await uow.practice.reviews()),
                skills_practised=len((await uow.practice.learner_state()).skills),
                memories=await uow.memory.count(),
                interviews=await uow.interview.count(),
                open_weaknesses=len(await uow.practice.open_weaknesses()),
            )

    async def update_profile(
        self, learner: Learner, changes: Mapping[str, Any], report: RealReport = NOTHING_TOLD
    ) -> ProfileShown:
        """Changes the given fields and leaves the others; an empty text clears one. A `report` of a
        real interview is put on record and changes no field.

        Raises InvalidInput for a date, level or time zone that cannot be read, for more hours than
        a week has, and for a report that makes no sense; Conflict for a report under an id that is
        on record with another one.
        """
        now = self._clock()
        checked = {name: _checked(name, value) for name, value in changes.items()}
        told = told_of(report, now)
        real = None
        async with self._store.writing(learner.id, learner.subject) as uow:
            profile = await uow.learner.profile()
            if checked or told is None:
                profile = replace(profile, **checked)
                await uow.learner.save_profile(profile, now)
                await uow.learner.audit(
                    self._new_id(), "update_profile", "profile", now, fields=sorted(checked)
                )
            if told is not None:
                real = await self._real_interviews.record(
                    uow, told, profile.level, now, self._new_id
                )
        said = [real_line(real)] if real else []
        if checked or real is None:
            said.append(f"Updated: {', '.join(sorted(checked)).replace('_', ' ') or 'nothing'}.")
        return self._shown(profile, " ".join(said), real)

    async def _unfinished(self, uow: UnitOfWork, now: datetime) -> OpenInterview | None:
        for interview in await uow.interview.open_ones():
            if expire_if_stale(interview, now).status.is_final:
                continue
            left = clock(
                interview, now, self._round_spec(interview.round, interview.minutes)
            ).remaining_minutes
            return OpenInterview(
                interview_id=str(interview.id),
                question=interview.question,
                phase=interview.phase,
                paused=interview.status is Status.PAUSED,
                minutes_left=round(left),
            )
        return None

    def _shown(
        self, profile: Profile, status: str, real: RealInterview | None = None
    ) -> ProfileShown:
        return ProfileShown(
            status=status,
            name=profile.name,
            target_companies=list(profile.target_companies),
            target_level=profile.target_level,
            interview_date=profile.interview_date,
            days_to_interview=profile.days_to_interview(today_of(profile, self._clock())),
            hours_per_week=profile.hours_per_week,
            language=profile.language,
            coach_style=profile.coach_style,
            custom_instructions=profile.custom_instructions,
            timezone=profile.timezone,
            real_interview_id=str(real.id) if real else None,
            next_actions=["progress_report" if real else "get_briefing", "next_problem"],
        )


def _checked(name: str, value: Any) -> Any:
    """A profile field as it may be stored: None, or no companies, for an empty text."""
    if name == "target_companies":
        named = dict.fromkeys(scrub(clean_text(item).strip())[0] for item in value)
        return tuple(company for company in named if company)
    if isinstance(value, str):
        value = clean_text(value).strip()
    if value == "":
        return None
    match name:
        case "interview_date":
            try:
                return date.fromisoformat(value)
            except ValueError:
                raise InvalidInput(
                    f"{value[:40]!r} is not a date.", hint="Write it like 2026-01-31."
                ) from None
        case "target_level":
            resolve_level(value)
            return value
        case "timezone":
            try:
                return ZoneInfo(value).key
            except (KeyError, ValueError, OSError):
                raise InvalidInput(
                    f"{value[:40]!r} is no time zone.", hint="Write an IANA name: Europe/Paris."
                ) from None
        case "hours_per_week":
            hours = round(float(value), 2)
            if not 0 < hours <= HOURS_IN_A_WEEK:
                raise InvalidInput(f"A week has no {value:g} hours to practise.")
            return hours
        case _:
            return scrub(value)[0]
