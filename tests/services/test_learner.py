"""The learner: where they stand, what they prepare for, and being forgotten without a trace."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db import Store
from db.models import private_tables
from maang_mcp.app import Coach, wire
from maang_mcp.cache import InProcessCache
from maang_mcp.content.loader import catalogue
from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.errors import (
    InvalidInput,
    NotFound,
    UnknownAttempt,
    UnknownInterview,
    UnknownMemory,
)
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round
from maang_mcp.services.answers.learner import ProfileShown
from maang_mcp.services.erasure import ERASE_EVERYTHING
from maang_mcp.services.requests import AttemptReport, Note, Plan, Question, Step
from tests.factories import NOW, HashEmbedder, Ids, SteppingClock, report
from tests.lives import CUSTOM, interviewed, live, weaken


def _tokens(answer: object) -> float:
    """Bytes / 4, as the product's budgets count."""
    return len(json.dumps(asdict(answer), default=str)) / 4  # type: ignore[call-overload]  # an answer


# --- The briefing.


async def test_the_first_briefing_is_a_fresh_start(coach: Coach, learner: Learner) -> None:
    briefing = await coach.learners.briefing(learner)
    assert briefing.status == "Nothing is on record yet: a fresh start."
    assert (briefing.attempts, briefing.reviews_due, briefing.due, briefing.weaknesses) == (
        0,
        0,
        [],
        [],
    )
    assert briefing.next_actions == ["record_attempt", "update_profile", "next_problem"]
    assert (briefing.days_to_interview, briefing.unfinished_interview) == (None, None)


@pytest.mark.parametrize(("days", "said"), [(0, "today"), (1, "yesterday"), (3, "3 days ago")])
async def test_a_greeting_tells_how_much_was_practised_and_when(
    coach: Coach, learner: Learner, clock: SteppingClock, days: int, said: str
) -> None:
    for problem in ("two-sum", "3sum"):
        await coach.practice.record_attempt(learner, report(problem, minutes=5, confidence=5))
    clock.forward(days=days)
    await coach.learners.update_profile(
        learner, {"interview_date": str((clock() + timedelta(days=40)).date())}
    )
    briefing = await coach.learners.briefing(learner)
    due = f"{briefing.reviews_due} reviews due"
    assert briefing.status == (
        f"40 days to the interview; 2 attempts so far, last practised {said}; {due}."
    )


async def test_due_reviews_are_told_the_most_forgotten_first(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    problems = ["two-sum", "3sum", "coin-change", "binary-search"]
    for problem in problems:
        await coach.practice.record_attempt(learner, report(problem, Outcome.FAILED))
        clock.forward(days=1)
    assert (await coach.learners.briefing(learner)).practised_days_ago == 1
    clock.forward(days=60)
    briefing = await coach.learners.briefing(learner)
    assert (briefing.reviews_due, briefing.practised_days_ago) == (4, 61)
    assert "4 reviews due" in briefing.status
    assert [due.problem for due in briefing.due] == problems[:3]
    recalled = [due.retrievability for due in briefing.due]
    assert recalled == sorted(recalled)
    assert all(due.overdue_days > 50 for due in briefing.due)
    assert "Due for review" in briefing.proposal


async def test_an_unfinished_interview_is_proposed_until_it_expires(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    started = await coach.interviews.start(learner, Plan(question="3sum", minutes=40))
    clock.forward(minutes=15)
    open_one = (await coach.learners.briefing(learner)).unfinished_interview
    assert open_one is not None
    assert (open_one.interview_id, open_one.question) == (started.interview_id, "3sum")
    assert (open_one.minutes_left, open_one.paused, open_one.phase) == (25, False, "clarify")
    await coach.interviews.step(learner, Step(UUID(started.interview_id), action="pause"))
    briefing = await coach.learners.briefing(learner)
    assert briefing.unfinished_interview is not None
    assert briefing.unfinished_interview.paused
    assert "25 minutes are left" in briefing.proposal
    assert briefing.next_actions[0] == "start_interview"
    clock.forward(days=8)
    assert (await coach.learners.briefing(learner)).unfinished_interview is None


@pytest.mark.parametrize(
    ("timezone", "days"), [(None, 10), ("Pacific/Auckland", 9), ("America/Los_Angeles", 10)]
)
async def test_days_to_the_interview_are_counted_where_the_learner_lives(
    coach: Coach, learner: Learner, timezone: str | None, days: int
) -> None:
    await coach.practice.record_attempt(learner, report())
    profile = {"interview_date": "2026-11-30", "timezone": timezone or ""}
    assert (await coach.learners.update_profile(learner, profile)).days_to_interview == days
    briefing = await coach.learners.briefing(learner)
    assert briefing.days_to_interview == days
    assert briefing.status.startswith(f"{days} days to the interview; ")


async def test_an_interview_that_is_past_is_said_to_be(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await coach.practice.record_attempt(learner, report())
    await coach.learners.update_profile(learner, {"interview_date": "2026-11-25"})
    clock.forward(days=8)
    briefing = await coach.learners.briefing(learner)
    assert briefing.days_to_interview == -3
    assert briefing.status.startswith("The interview is past")


async def test_reviews_that_would_come_after_the_interview_come_before_it(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    """On the day before it, once; the interview day itself is left alone."""
    await coach.learners.update_profile(learner, {"interview_date": "2026-11-22"})
    for problem in ("two-sum", "3sum"):
        await coach.practice.record_attempt(learner, report(problem, minutes=5, confidence=5))
    assert (await coach.library.problem(learner, "3sum")).due == date(2026, 11, 21)
    assert (await coach.learners.briefing(learner)).reviews_due == 0
    clock.forward(days=1)
    assert (await coach.learners.briefing(learner)).reviews_due == 2
    await coach.practice.record_attempt(learner, report("3sum", minutes=5, confidence=5))
    assert (await coach.learners.briefing(learner)).reviews_due == 1
    clock.forward(days=1)
    briefing = await coach.learners.briefing(learner)
    assert briefing.reviews_due == 0
    assert briefing.status.startswith("The interview is today; 3 attempts so far")


async def test_the_weakest_skills_are_named_and_the_answer_stays_short(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await live(coach, learner, clock)
    await coach.interviews.start(learner, Plan())
    clock.forward(days=40)
    briefing = await coach.learners.briefing(learner)
    assert "sliding-window" in [spot.name for spot in briefing.weaknesses]
    assert all(spot.n >= 3 for spot in briefing.weaknesses)
    assert "weakest: " in briefing.status
    assert len(briefing.due) == len(briefing.weaknesses) == 3
    assert _tokens(briefing) < 600


# --- The profile.

EMPTY: dict[str, Any] = {
    "name": None,
    "target_companies": [],
    "target_level": None,
    "interview_date": None,
    "hours_per_week": None,
    "language": None,
    "coach_style": None,
    "custom_instructions": None,
    "timezone": None,
}
FULL: dict[str, Any] = {
    "name": "Ada",
    "target_companies": ("Google", "Meta"),
    "target_level": "L5",
    "interview_date": "2027-01-15",
    "hours_per_week": 7.5,
    "language": "Python",
    "coach_style": "strict",
    "custom_instructions": "No jokes.",
    "timezone": "Europe/Lisbon",
}


def _fields(shown: ProfileShown) -> dict[str, Any]:
    return {name: getattr(shown, name) for name in EMPTY}


async def test_a_profile_is_empty_until_something_is_told(coach: Coach, learner: Learner) -> None:
    assert _fields(await coach.learners.profile(learner)) == EMPTY


async def test_a_profile_keeps_every_field(coach: Coach, learner: Learner) -> None:
    told = FULL | {"target_companies": ["Google", "Meta"], "interview_date": date(2027, 1, 15)}
    assert _fields(await coach.learners.update_profile(learner, FULL)) == told
    assert _fields(await coach.learners.profile(learner)) == told


@pytest.mark.parametrize("field", EMPTY)
async def test_one_field_changes_or_clears_and_the_others_stay(
    coach: Coach, learner: Learner, field: str
) -> None:
    before = _fields(await coach.learners.update_profile(learner, FULL))
    cleared = await coach.learners.update_profile(
        learner, {field: () if field == "target_companies" else "  "}
    )
    assert _fields(cleared) == before | {field: EMPTY[field]}
    restored = await coach.learners.update_profile(learner, {field: FULL[field]})
    assert _fields(restored) == before
    assert restored.status == f"Updated: {field.replace('_', ' ')}."


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("interview_date", "next month"),
        ("interview_date", "2026-02-30"),
        ("target_level", "wizard"),
        ("target_level", "senior staff junior"),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../../etc/passwd"),
        ("timezone", "Europe"),
        ("hours_per_week", 0.001),
        ("hours_per_week", -1),
        ("hours_per_week", 169),
        ("hours_per_week", float("nan")),
    ],
)
async def test_a_value_that_makes_no_sense_is_refused_and_changes_nothing(
    coach: Coach, learner: Learner, field: str, value: object
) -> None:
    before = await coach.learners.update_profile(learner, FULL)
    with pytest.raises(InvalidInput):
        await coach.learners.update_profile(learner, {"name": "Grace", field: value})
    assert _fields(await coach.learners.profile(learner)) == _fields(before)


async def test_companies_are_named_once_and_secrets_are_not_kept(
    coach: Coach, learner: Learner
) -> None:
    key = "sk-" + "a1B2" * 12
    shown = await coach.learners.update_profile(
        learner,
        {"target_companies": ["Meta", " Meta ", "", "Google"], "custom_instructions": f"Use {key}"},
    )
    assert shown.target_companies == ["Meta", "Google"]
    assert key not in str(shown)


# --- What is on record, counted and mapped.


async def test_the_roadmap_shows_mastery_only_of_what_was_practised(
    coach: Coach, learner: Learner
) -> None:
    recorded = await coach.practice.record_attempt(learner, report("3sum"))
    moved = {skill.skill: skill.mastery for skill in recorded.skills}
    roadmap = await coach.learners.roadmap(learner)
    assert {s.skill: s.mastery for s in roadmap.skills if s.mastery is not None} == moved
    topic = await coach.learners.roadmap(learner, "two pointers")
    assert "3sum" in topic.problems
    assert "two-pointers" in [skill.skill for skill in topic.skills]


# --- Being forgotten.


def _history(seed: int, length: int) -> list[tuple[AttemptReport, UUID, timedelta]]:
    """Attempts at few problems and two of one's own, among them repeats."""
    dice = Random(seed)
    known = sorted(problem.slug for problem in catalogue().search(skill="sliding-window"))[:6]
    told = []
    for _ in range(length):
        problem = dice.choice([*known, *known, CUSTOM, "Another one of my own"])
        outcome = dice.choice([Outcome.SOLVED, Outcome.FAILED, Outcome.GAVE_UP, Outcome.GAVE_UP])
        minutes = dice.uniform(5, 60)
        told.append(
            (
                report(problem, outcome, minutes=minutes, skills=("heap",), note=f"{minutes}"),
                UUID(int=dice.getrandbits(128)),
                timedelta(hours=dice.uniform(1, 60)),
            )
        )
    return told


async def _derived(store: Store, learner: Learner) -> dict[str, Any]:
    """Everything that follows from the record, ids made on the way left out."""
    async with store.reading(learner.id) as uow:
        terms = text("SELECT term, chunks FROM document_frequency ORDER BY term")
        return {
            "state": await uow.practice.learner_state(),
            "reviews": await uow.practice.reviews(),
            "evidence": await uow.practice.evidence(999),
            "open": await uow.practice.open_weaknesses(),
            "resolved": await uow.practice.resolved_weaknesses(999),
            "own": sorted(await uow.practice.custom_problems(), key=lambda p: p.slug),
            "terms": [tuple(row) for row in await uow.memory._connection.execute(terms)],
            "memories": await uow.memory.count(),
            "interviews": await uow.interview.count(),
            "scores": await uow.interview.dimension_scores(999),
        }


@pytest.mark.parametrize("forgotten", [0, 9, 17], ids=["first", "middle", "last"])
async def test_a_forgotten_attempt_might_never_have_been(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock, forgotten: int
) -> None:
    other = Learner.of(f"other-{uuid4()}")
    history = _history(4, 18)
    for number, (told, id, pause) in enumerate(history):
        clock.at += pause
        await coach.practice.record_attempt(learner, told, id)
        if number != forgotten:
            await coach.practice.record_attempt(other, told, id)
    assert (await _derived(store, learner))["open"]
    _, id, _ = history[forgotten]
    erased = await coach.erasure.forget(learner, "attempt", id, "")
    assert erased.erased == f"attempt {id}"
    with pytest.raises(UnknownAttempt):
        await coach.practice.show(learner, id)
    assert await _derived(store, learner) == await _derived(store, other)


async def test_a_problem_of_ones_own_goes_with_the_last_attempt_at_it(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    ids = []
    for _ in range(2):
        clock.forward(days=1)
        recorded = await coach.practice.record_attempt(learner, report(CUSTOM))
        ids.append(UUID(recorded.attempt_id))
    for id, left in zip(ids, (1, 0), strict=True):
        await coach.erasure.forget(learner, "attempt", id, "")
        assert len((await _derived(store, learner))["own"]) == left


async def test_a_problem_asked_in_an_interview_stays_with_it(
    coach: Coach, learner: Learner
) -> None:
    recorded = await coach.practice.record_attempt(learner, report(CUSTOM))
    started = await coach.interviews.start(learner, Plan(question=CUSTOM))
    await coach.erasure.forget(learner, "attempt", UUID(recorded.attempt_id), "")
    step = Step(UUID(started.interview_id), candidate="Let me think.", action="hint")
    assert (await coach.interviews.step(learner, step)).hint


async def test_a_forgotten_interview_might_never_have_been(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    other = Learner.of(f"other-{uuid4()}")
    for told, id, pause in _history(6, 12):
        clock.at += pause
        for who in (learner, other):
            await coach.practice.record_attempt(who, told, id)
    interview = await interviewed(coach, learner, clock, "choir-row")
    assert await _derived(store, learner) != await _derived(store, other)
    await coach.erasure.forget(learner, "interview", interview, "")
    assert await _derived(store, learner) == await _derived(store, other)
    with pytest.raises(UnknownInterview):
        await coach.interviews.show(learner, interview)


async def test_a_forgotten_memory_is_not_found_any_more(
    coach: Coach, learner: Learner, store: Store
) -> None:
    before = await _derived(store, learner)
    note = uuid4()
    await coach.memories.remember(learner, Note("Shrink the window.", memory_id=note))
    await coach.erasure.forget(learner, "memory", note, "")
    assert not (await coach.memories.retrieve_context(learner, Question("window"))).found
    with pytest.raises(UnknownMemory):
        await coach.memories.show(learner, note)
    assert await _derived(store, learner) == before


async def test_a_forgotten_memory_takes_the_versions_it_superseded(
    coach: Coach, learner: Learner, store: Store
) -> None:
    other = await coach.memories.remember(learner, Note("Grow the window."))
    before = await _derived(store, learner)
    monday, tuesday, friday = versions = [uuid4() for _ in range(3)]
    for id, supersedes in zip(versions, (None, monday, tuesday), strict=True):
        note = Note(f"The onsite: {id}.", memory_id=id, supersedes=supersedes)
        await coach.memories.remember(learner, note)
    await coach.erasure.forget(learner, "memory", friday, "")
    for id in versions:
        with pytest.raises(UnknownMemory):
            await coach.memories.show(learner, id)
    assert await coach.memories.show(learner, UUID(other.memory_id))
    assert await _derived(store, learner) == before


async def test_a_forgotten_version_leaves_the_one_that_superseded_it(
    coach: Coach, learner: Learner
) -> None:
    old, new = uuid4(), uuid4()
    await coach.memories.remember(learner, Note("Monday.", memory_id=old))
    await coach.memories.remember(learner, Note("Friday.", memory_id=new, supersedes=old))
    await coach.erasure.forget(learner, "memory", old, "")
    assert "Friday" in (await coach.memories.show(learner, new)).content
    with pytest.raises(UnknownMemory):
        await coach.memories.show(learner, old)


async def test_an_answer_in_the_making_does_not_outlive_everything(
    store: Store, learner: Learner, clock: SteppingClock
) -> None:
    """Asked by somebody not known yet, whose first note lands before the search looks."""

    unsaid = [Note("Shrink the window.")]

    class Overtaken(HashEmbedder):
        async def embed_query(self, text: str) -> list[float]:
            if unsaid:
                await coach.memories.remember(learner, unsaid.pop())
            return await super().embed_query(text)

    coach = wire(store, InProcessCache(), Overtaken(), clock, Ids())
    question = Question("window")
    assert (await coach.memories.retrieve_context(learner, question)).found
    await coach.erasure.forget(learner, "everything", None, ERASE_EVERYTHING)
    assert not (await coach.memories.retrieve_context(learner, question)).found
    await coach.backlog.aclose()


@pytest.mark.parametrize("kind", ["attempt", "memory", "interview", "real_interview"])
async def test_forgetting_what_is_not_there_changes_nothing(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock, kind: Any
) -> None:
    life = await live(coach, Learner.of(f"other-{uuid4()}"), clock)
    ids = {"attempt": life.attempt, "memory": life.note, "interview": life.interview}
    ids["real_interview"] = life.real
    before = await _rows(store, learner)
    with pytest.raises(NotFound):
        await coach.erasure.forget(learner, kind, ids[kind], "")
    with pytest.raises(InvalidInput, match="id is missing"):
        await coach.erasure.forget(learner, kind, None, "")
    assert await _rows(store, learner) == before


async def test_what_was_erased_stands_in_the_audit_trail_without_its_content(
    coach: Coach, learner: Learner, store: Store
) -> None:
    note = uuid4()
    await coach.memories.remember(learner, Note("Shrink the window.", memory_id=note))
    await coach.erasure.forget(learner, "memory", note, "")
    async with store.reading(learner.id) as uow:
        trail = await uow.learner._connection.execute(text("SELECT * FROM audit_event"))
        (event,) = trail.mappings().all()
    assert (event["action"], event["subject"], event["detail"]) == ("forget", "memory", {})


async def _rows(store: Store, learner: Learner) -> dict[str, int]:
    """How many rows of every private table are this learner's, as a superuser counts."""
    async with store.engine.connect() as connection:
        return {
            table.name: await connection.scalar(
                text(f"SELECT count(*) FROM {table.name} WHERE {column} = :id"), {"id": learner.id}
            )
            or 0
            for table, column in private_tables()
        }


async def test_forgetting_everything_leaves_no_row_anywhere_and_nobody_else_loses_one(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    other = Learner.of(f"other-{uuid4()}")
    await live(coach, learner, clock)
    await live(coach, other, clock)
    assert all((await _rows(store, learner)).values())
    before = await _rows(store, other)
    erased = await coach.erasure.forget(learner, "everything", None, "Erase Everything ")
    assert erased.erased == "everything"
    assert set((await _rows(store, learner)).values()) == {0}
    assert await _rows(store, other) == before
    assert (await coach.learners.briefing(learner)).attempts == 0


@pytest.mark.parametrize("confirm", ["", "yes", "everything", "erase everything please"])
async def test_everything_is_only_erased_on_the_exact_word(
    coach: Coach, learner: Learner, store: Store, confirm: str
) -> None:
    await coach.practice.record_attempt(learner, report())
    before = await _rows(store, learner)
    with pytest.raises(InvalidInput) as refusal:
        await coach.erasure.forget(learner, "everything", None, confirm)
    assert ERASE_EVERYTHING in refusal.value.explain()
    assert await _rows(store, learner) == before


async def test_replaying_the_record_leaves_the_same_weaknesses(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    """Also resolved ones, with the days they opened and closed."""
    await weaken(coach, learner, clock)
    windows = catalogue().search(skill="sliding-window", round=Round.CODING)
    for problem in [*windows[8:], *windows][:30]:
        clock.forward(days=2)
        await coach.practice.record_attempt(learner, report(problem.slug, minutes=8))
    for score in (1, 1, 1, 1, 2, 4):
        clock.forward(days=1)
        await interviewed(coach, learner, clock, score=score)
    before = await _derived(store, learner)
    assert before["resolved"]
    assert "dimension" in [weakness.kind for weakness in before["open"]]
    assert min(weakness.opened_at for weakness in before["resolved"]) > NOW
    await coach.practice.replay(learner)
    assert await _derived(store, learner) == before
