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
from maang_mcp.domain.scheduling import Review, retrievability
from maang_mcp.domain.scrubbing import clean_text, scrub
from maang_mcp.domain.skills import Round
from maang_mcp.domain.weakness import Label, WeaknessReport

from .answers.learner import (
    Briefing,
    Due,
    OpenInterview,
    ProfileShown,
    Roadmap,
    RoadmapSkill,
    Stats,
    WeakSpot,
)
from .coaching import Coaching
from .record import Record
from .requests import Wanted

if TYPE_CHECKING:
    from db import Store, UnitOfWork
    from maang_mcp.domain.agenda import RoundSpec

DUE_SHOWN = 3
WEAK_SHOWN = 3
PROBLEMS_SHOWN = 20
HOURS_IN_A_WEEK = 168


class Learners:
    """Use-cases about the person."""

    def __init__(
        self,
        store: Store,
        coaching: Coaching,
        round_spec: Callable[[Round], RoundSpec],
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

    async def briefing(self, learner: Learner) -> Briefing:
        """Everything a coach needs for "hi", and one proposal."""
        now = self._clock()
        async with self._store.reading(learner.id) as uow:
            record = await Record.read(uow)
            unfinished = await self._unfinished(uow, now)
        profile, last, attempts = record.profile, record.state.last_attempt, record.attempts
        recommended = self._coaching.recommend(record, learner, Wanted(round=Round.CODING), now)
        due = sorted(record.due(now), key=lambda review: retrievability(review, now))
        weak = _weak_spots(record.diagnose(self._graph, now))
        days = profile.days_to_interview(_today(profile, now))
        idle = None if last is None else (now.date() - last.date()).days
        if unfinished is not None:
            proposal = (
                f"Take up the mock interview on {unfinished.question} again: "
                f"{unfinished.minutes_left} minutes are left."
            )
            actions = ["start_interview", "next_problem"]
        elif attempts == 0:
            proposal = (
                "Tell me what you practised last and how it went, and when your interview is; "
                "or start with one problem now."
            )
            actions = ["record_attempt", "update_profile", "next_problem"]
        elif recommended is not None:
            proposal = f"Practise {recommended.problem.title}. {recommended.reason}"
            actions = ["next_problem", "start_interview", "weakness_report"]
        else:
            proposal = "Everything in the catalogue is practised and nothing is due: do a mock."
            actions = ["start_interview", "weakness_report"]
        return Briefing(
            status=_briefing_status(days, len(due), weak, unfinished, attempts, idle),
            name=profile.name,
            days_to_interview=days,
            attempts=attempts,
            practised_days_ago=idle,
            unfinished_interview=unfinished,
            reviews_due=len(due),
            due=[_due(review, now) for review in due[:DUE_SHOWN]],
            weaknesses=weak,
            proposal=proposal,
            coach_style=profile.coach_style,
            next_actions=actions,
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
                problems=len(await uow.practice.last_attempts()),
                skills_practised=len((await uow.practice.learner_state()).skills),
                memories=await uow.memory.count(),
                interviews=await uow.interview.count(),
                open_weaknesses=len(await uow.practice.open_weaknesses()),
            )

    async def update_profile(self, learner: Learner, changes: Mapping[str, Any]) -> ProfileShown:
        """Changes the given fields and leaves the others; an empty text clears one.

        Raises InvalidInput for a date, level or time zone that cannot be read, and for more hours
        than a week has.
        """
        now = self._clock()
        checked = {name: _checked(name, value) for name, value in changes.items()}
        async with self._store.writing(learner.id, learner.subject) as uow:
            profile = replace(await uow.learner.profile(), **checked)
            await uow.learner.save_profile(profile, now)
            await uow.learner.audit(
                self._new_id(), "update_profile", "profile", now, fields=sorted(checked)
            )
        what = ", ".join(sorted(checked)).replace("_", " ") or "nothing"
        return self._shown(profile, f"Updated: {what}.")

    async def _unfinished(self, uow: UnitOfWork, now: datetime) -> OpenInterview | None:
        for interview in await uow.interview.open_ones():
            if expire_if_stale(interview, now).status.is_final:
                continue
            left = clock(interview, now, self._round_spec(interview.round)).remaining_minutes
            return OpenInterview(
                interview_id=str(interview.id),
                question=interview.question,
                phase=interview.phase,
                paused=interview.status is Status.PAUSED,
                minutes_left=round(left),
            )
        return None

    def _shown(self, profile: Profile, status: str) -> ProfileShown:
        return ProfileShown(
            status=status,
            name=profile.name,
            target_companies=list(profile.target_companies),
            target_level=profile.target_level,
            interview_date=profile.interview_date,
            days_to_interview=profile.days_to_interview(_today(profile, self._clock())),
            hours_per_week=profile.hours_per_week,
            language=profile.language,
            coach_style=profile.coach_style,
            custom_instructions=profile.custom_instructions,
            timezone=profile.timezone,
            next_actions=["get_briefing", "next_problem"],
        )


def _today(profile: Profile, now: datetime) -> date:
    return now.astimezone(ZoneInfo(profile.timezone)).date() if profile.timezone else now.date()


def _due(review: Review, now: datetime) -> Due:
    return Due(
        problem=review.problem,
        overdue_days=(now - review.due).days,
        retrievability=round(retrievability(review, now), 2),
    )


def _weak_spots(report: WeaknessReport) -> list[WeakSpot]:
    sure = [weakness for weakness in report.weaknesses if weakness.label is not Label.WATCH]
    sure.sort(key=lambda weakness: -weakness.severity * weakness.confidence)
    return [
        WeakSpot(w.name, round(w.severity, 1), round(w.confidence, 2), w.n)
        for w in sure[:WEAK_SHOWN]
    ]


def _briefing_status(
    days: int | None,
    due: int,
    weak: list[WeakSpot],
    unfinished: OpenInterview | None,
    attempts: int,
    idle: int | None,
) -> str:
    if attempts == 0 and unfinished is None:
        return "Nothing is on record yet: a fresh start."
    parts = []
    if days is not None:
        parts.append(_until_interview(days))
    if unfinished is not None:
        parts.append("one interview is unfinished")
    if idle is not None:
        said = f"{attempts} attempt{'s' * (attempts != 1)} so far"
        parts.append(f"{said}, last practised {_days_ago(idle)}")
    parts.append(f"{due} review{'s' * (due != 1)} due")
    if weak:
        parts.append(f"weakest: {', '.join(spot.name for spot in weak)}")
    line = "; ".join(parts)
    return f"{line[0].upper()}{line[1:]}."


def _until_interview(days: int) -> str:
    if days < 0:
        return "the interview is past"
    return f"{days} day{'s' * (days != 1)} to the interview" if days else "the interview is today"


def _days_ago(days: int) -> str:
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")


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
