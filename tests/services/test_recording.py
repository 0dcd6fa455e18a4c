"""Attempts told late, out of order or bit by bit leave the record they would have left in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

import pytest

from db import Store
from maang_mcp.app import Coach
from maang_mcp.content.loader import catalogue
from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.mastery import mastery
from maang_mcp.domain.problem import Difficulty, ItemDifficulty, Problem, custom_problem
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round
from maang_mcp.services.recording import completed
from maang_mcp.services.requests import AttemptReport
from tests.factories import NOW, SteppingClock, report

SOLVED_FIRST = (
    "two-sum",
    "valid-anagram",
    "contains-duplicate",
    "group-anagrams",
    "valid-parentheses",
    "climbing-stairs",
)
Span = tuple[str, str, datetime | None, datetime | None]


def days_ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat()


async def test_an_attempt_told_late_is_answered_with_where_the_learner_stands_now(
    coach: Coach, learner: Learner, store: Store
) -> None:
    await coach.practice.record_attempt(learner, report("jump-game", Outcome.FAILED))
    attempt_id = uuid4()
    late = report("jump-game", when="2026-11-01")
    answer = await coach.practice.record_attempt(learner, late, attempt_id)
    async with store.reading(learner.id) as uow:
        (review,) = await uow.practice.reviews()
        state = await uow.practice.learner_state()
    assert answer.next_review == review.due.date() > NOW.date()
    assert f"Review due {answer.next_review}." in answer.status
    for moved in answer.skills:
        assert moved.change > 0
        assert moved.n == 2
        assert moved.mastery == round(mastery(state, moved.skill, NOW), 2)
    retried = await coach.practice.record_attempt(learner, late, attempt_id)
    assert (retried.next_review, retried.skills) == (answer.next_review, answer.skills)


async def test_the_order_of_telling_changes_no_weakness(
    coach: Coach, learner: Learner, store: Store
) -> None:
    other = Learner.of(f"other-{uuid4()}")
    told = _a_weakness_that_opens_and_closes()
    for entry in told:
        await coach.practice.record_attempt(learner, entry)
    for entry in Random(3).sample(told, len(told)):
        await coach.practice.record_attempt(other, entry)
    in_order = await _weaknesses(store, learner)
    assert any(resolved is None for *_, resolved in in_order)
    assert any(resolved is not None for *_, resolved in in_order)
    assert await _weaknesses(store, other) == in_order
    for one in (learner, other):
        await coach.practice.replay(one)
        assert await _weaknesses(store, one) == in_order


async def test_an_attempt_told_late_says_which_weaknesses_opened_and_which_are_gone(
    coach: Coach, learner: Learner, store: Store
) -> None:
    told = _a_weakness_that_opens_and_closes()
    seen: set[str] = set()
    for entry in Random(5).sample(told, len(told)):
        answer = await coach.practice.record_attempt(learner, entry)
        async with store.reading(learner.id) as uow:
            now_open = {weakness.name for weakness in await uow.practice.open_weaknesses()}
        assert set(answer.opened) == now_open - seen
        assert set(answer.resolved) == seen - now_open
        seen = now_open


async def test_what_is_told_later_of_an_own_problem_counts_for_every_attempt_at_it(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    name = "Acme onsite elevators"
    first = await coach.practice.record_attempt(learner, report(name, Outcome.FAILED, minutes=60))
    assert first.skills == []
    clock.forward(hours=5)
    again = await coach.practice.record_attempt(
        learner, report(name, skills=("heap",), difficulty=Difficulty.HARD)
    )
    assert again.problem == first.problem
    assert [(moved.skill, moved.n) for moved in again.skills] == [("heap", 2)]
    async with store.reading(learner.id) as uow:
        (own,) = await uow.practice.custom_problems()
        state, evidence = await uow.practice.learner_state(), await uow.practice.evidence(9)
    assert (own.skills, own.difficulty, own.minutes) == (("heap",), Difficulty.HARD, 50)
    assert all("heap" in entry.skill_changes for entry in evidence)
    await coach.practice.replay(learner)
    async with store.reading(learner.id) as uow:
        assert await uow.practice.learner_state() == state
        assert await uow.practice.evidence(9) == evidence


async def test_what_is_known_of_an_own_problem_is_never_overwritten(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    name = "Acme onsite elevators"
    await coach.practice.record_attempt(
        learner, report(name, skills=("heap",), difficulty=Difficulty.HARD)
    )
    clock.forward(hours=5)
    answer = await coach.practice.record_attempt(
        learner, report(name, skills=("graph-traversal",), difficulty=Difficulty.EASY)
    )
    assert [moved.skill for moved in answer.skills] == ["heap"]
    async with store.reading(learner.id) as uow:
        (own,) = await uow.practice.custom_problems()
    assert (own.skills, own.difficulty) == (("heap",), Difficulty.HARD)


@pytest.mark.parametrize(
    ("known", "told", "skills", "difficulty"),
    [
        (custom_problem("x"), custom_problem("x"), (), None),
        (custom_problem("x"), custom_problem("x", skills=("heap",)), ("heap",), None),
        (
            custom_problem("x", skills=("heap",)),
            custom_problem("x", skills=("trie",), difficulty=Difficulty.EASY),
            ("heap",),
            Difficulty.EASY,
        ),
        (
            custom_problem("x", difficulty=Difficulty.HARD),
            custom_problem("x", skills=("trie",), difficulty=Difficulty.EASY),
            ("trie",),
            Difficulty.HARD,
        ),
    ],
)
def test_only_what_was_not_known_is_filled_in(
    known: Problem, told: Problem, skills: tuple[str, ...], difficulty: Difficulty | None
) -> None:
    assert completed(known, told) == custom_problem("x", skills=skills, difficulty=difficulty)


def test_a_round_with_a_limit_of_its_own_keeps_it() -> None:
    known = custom_problem("x", round=Round.SYSTEM_DESIGN)
    found = completed(known, custom_problem("x", difficulty=Difficulty.HARD))
    assert found.minutes == known.minutes
    assert found.item == ItemDifficulty.from_label(Difficulty.HARD)


def _a_weakness_that_opens_and_closes() -> list[AttemptReport]:
    """Fundamentals that are sound; sliding windows and heaps that fail; windows that are learnt."""
    windows = [p.slug for p in catalogue().search(skill="sliding-window", round=Round.CODING)][:12]
    heaps = [p.slug for p in catalogue().search(skill="heap", round=Round.CODING)]
    failed: list[tuple[str, Outcome, str | None]] = [
        *((slug, Outcome.GAVE_UP, "sliding-window") for slug in windows[:3]),
        *((slug, Outcome.GAVE_UP, "heap") for slug in heaps[:5]),
    ]
    entries: list[tuple[str, Outcome, str | None]] = [
        *((slug, Outcome.SOLVED, None) for slug in SOLVED_FIRST),
        *failed,
        *((slug, Outcome.SOLVED, None) for slug in windows),
    ]
    return [
        report(slug, outcome, minutes=9, culprit_skill=culprit, when=days_ago(60 - number))
        for number, (slug, outcome, culprit) in enumerate(entries)
    ]


async def _weaknesses(store: Store, learner: Learner) -> list[Span]:
    async with store.reading(learner.id) as uow:
        found = [
            *await uow.practice.open_weaknesses(),
            *await uow.practice.resolved_weaknesses(99),
        ]
    return sorted(
        ((w.kind.value, w.name, w.opened_at, w.resolved_at) for w in found),
        key=lambda span: (span[0], span[1], str(span[2])),
    )


async def test_a_day_told_without_times_leaves_the_same_state_in_any_order(
    coach: Coach, learner: Learner, store: Store
) -> None:
    other = Learner.of(f"other-{uuid4()}")
    told = [
        (report(slug, outcome, when="2026-11-18"), uuid4())
        for slug, outcome in [
            ("two-sum", Outcome.SOLVED),
            ("3sum", Outcome.FAILED),
            ("two-sum", Outcome.SOLVED),
            ("coin-change", Outcome.GAVE_UP),
            ("jump-game", Outcome.SOLVED_WITH_HINTS),
        ]
    ]
    for attempt, attempt_id in told:
        await coach.practice.record_attempt(learner, attempt, attempt_id)
    for attempt, attempt_id in sorted(told, key=lambda pair: pair[1]):
        await coach.practice.record_attempt(other, attempt, attempt_id)
    found = []
    for who in (learner, other):
        async with store.reading(who.id) as uow:
            found.append((await uow.practice.learner_state(), await uow.practice.reviews()))
    assert found[0] == found[1]
    await coach.practice.replay(learner)
    async with store.reading(learner.id) as uow:
        assert (await uow.practice.learner_state(), await uow.practice.reviews()) == found[1]
