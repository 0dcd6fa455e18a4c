"""Recording attempts: what goes on record, what follows, what never happens twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

import pytest

from db import Store
from maang_mcp.app import Coach
from maang_mcp.content.loader import catalogue
from maang_mcp.domain.attempt import Mistake, Outcome
from maang_mcp.domain.errors import (
    Conflict,
    InvalidInput,
    UnknownAttempt,
    UnknownProblem,
    UnknownSkill,
)
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round
from maang_mcp.domain.standing import replay
from tests.factories import NOW, SteppingClock, report


async def test_an_attempt_told_in_passing_goes_on_record(coach: Coach, learner: Learner) -> None:
    answer = await coach.practice.record_attempt(
        learner, report("3sum", minutes=25, mistakes=(Mistake.BOUNDARY,))
    )
    assert answer.problem == "3sum"
    assert answer.rating == "good"
    assert {moved.skill for moved in answer.skills} == set(catalogue().get("3sum").skills)
    assert answer.next_review > NOW.date()
    kept = await coach.practice.recent(learner)
    assert [(a.problem, a.minutes, a.mistakes) for a in kept] == [("3sum", 25.0, ["boundary"])]


async def test_recording_the_same_attempt_twice_changes_nothing(
    coach: Coach, learner: Learner, store: Store
) -> None:
    attempt_id = uuid4()
    first = await coach.practice.record_attempt(learner, report(minutes=25), attempt_id)
    async with store.reading(learner.id) as uow:
        before = await uow.practice.learner_state()
    second = await coach.practice.record_attempt(learner, report(minutes=25), attempt_id)
    async with store.reading(learner.id) as uow:
        assert await uow.practice.learner_state() == before
        assert await uow.practice.count_attempts() == 1
        assert await uow.memory.count() == 1
    assert second.repeated
    assert not first.repeated
    assert second.next_review == first.next_review


async def test_ten_retries_at_once_leave_one_attempt(
    coach: Coach, learner: Learner, store: Store
) -> None:
    attempt_id = uuid4()
    answers = await asyncio.gather(
        *(coach.practice.record_attempt(learner, report(), attempt_id) for _ in range(10))
    )
    assert sum(not answer.repeated for answer in answers) == 1
    async with store.reading(learner.id) as uow:
        assert await uow.practice.count_attempts() == 1


async def test_an_id_used_for_another_report_is_a_conflict(coach: Coach, learner: Learner) -> None:
    attempt_id = uuid4()
    await coach.practice.record_attempt(learner, report(minutes=25), attempt_id)
    with pytest.raises(Conflict):
        await coach.practice.record_attempt(learner, report(minutes=26), attempt_id)


async def test_the_same_id_of_two_learners_is_two_attempts(coach: Coach, learner: Learner) -> None:
    attempt_id = uuid4()
    other = Learner.of(f"other-{uuid4()}")
    assert not (await coach.practice.record_attempt(learner, report(), attempt_id)).repeated
    assert not (await coach.practice.record_attempt(other, report(), attempt_id)).repeated


async def test_an_unknown_problem_becomes_the_learners_own(coach: Coach, learner: Learner) -> None:
    answer = await coach.practice.record_attempt(
        learner, report("Acme onsite: elevator scheduler", skills=("heap",))
    )
    assert answer.custom
    again = await coach.practice.record_attempt(
        learner, report("acme onsite elevator scheduler", Outcome.FAILED)
    )
    assert again.problem == answer.problem
    assert [moved.skill for moved in again.skills] == ["heap"]


async def test_a_name_that_is_not_understood_is_said_to_be_and_can_be_taken_back(
    coach: Coach, learner: Learner
) -> None:
    unlike = await coach.practice.record_attempt(learner, report("Acme onsite elevator task"))
    assert "Not in the catalogue, kept as your own problem." in unlike.status
    assert unlike.next_actions == ["next_problem", "forget"]
    like = await coach.practice.record_attempt(learner, report("jmp gam"))
    assert like.custom
    assert "kept as your own problem; did you mean jump-game? Then forget this" in like.status
    assert len(like.status.splitlines()) == 1
    again = await coach.practice.record_attempt(learner, report("jmp gam"))
    understood = await coach.practice.record_attempt(learner, report("jump game"))
    for answer in (again, understood):
        assert "catalogue" not in answer.status
        assert "forget" not in answer.next_actions


@pytest.mark.parametrize("name", ["sliding window", "dp", "Two Pointers", "graphs", "coding"])
async def test_a_topic_in_the_place_of_a_problem_is_asked_about(
    coach: Coach, learner: Learner, store: Store, name: str
) -> None:
    with pytest.raises(UnknownProblem, match="which problem was it"):
        await coach.practice.record_attempt(learner, report(name))
    async with store.reading(learner.id) as uow:
        assert await uow.practice.count_attempts() == 0
        assert await uow.practice.custom_problems() == []


async def test_a_problem_that_shares_its_name_with_a_skill_is_understood(
    coach: Coach, learner: Learner
) -> None:
    answer = await coach.practice.record_attempt(learner, report("binary search"))
    assert answer.problem == "binary-search"
    assert not answer.custom


async def test_a_culprit_takes_most_of_the_blame(coach: Coach, learner: Learner) -> None:
    answer = await coach.practice.record_attempt(
        learner, report("3sum", Outcome.FAILED, culprit_skill="Two pointers")
    )
    changes = {moved.skill: moved.change for moved in answer.skills}
    assert changes["two-pointers"] == min(changes.values())


async def test_an_unknown_culprit_is_refused_and_nothing_is_written(
    coach: Coach, learner: Learner, store: Store
) -> None:
    with pytest.raises(UnknownSkill):
        await coach.practice.record_attempt(learner, report(culprit_skill="telepathy"))
    async with store.reading(learner.id) as uow:
        assert await uow.practice.count_attempts() == 0


async def test_a_mistake_in_the_place_of_a_culprit_is_told_where_it_belongs(
    coach: Coach, learner: Learner
) -> None:
    with pytest.raises(UnknownSkill) as refused:
        await coach.practice.record_attempt(learner, report(culprit_skill="Edge cases"))
    assert refused.value.explain() == (
        "'Edge cases' is a mistake, not a skill. "
        "Pass edge_case in mistakes and leave culprit_skill out."
    )


async def test_weaknesses_are_told_by_their_names(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    told = []
    blamed = report("3sum", Outcome.GAVE_UP, culprit_skill="two-pointers")
    for one in [report("two-sum")] * 6 + [blamed] * 6:
        clock.forward(days=1)
        answer = await coach.practice.record_attempt(learner, one)
        if "two-pointers" in answer.opened:
            told.append(answer.status)
    assert told
    assert all("New weakness: Two pointers" in status for status in told)


@pytest.mark.parametrize("when", ["2031-01-01", "2026-11-21T18:00:00Z", "soon", "2026-13-01"])
async def test_a_moment_that_cannot_be_is_refused(
    coach: Coach, learner: Learner, when: str
) -> None:
    with pytest.raises(InvalidInput):
        await coach.practice.record_attempt(learner, report(when=when))


async def test_replaying_the_record_leaves_the_same_state(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    await _history(coach, learner, clock, attempts=40)
    async with store.reading(learner.id) as uow:
        state = await uow.practice.learner_state()
        reviews = await uow.practice.reviews()
        evidence = await uow.practice.evidence(100)
    assert await coach.practice.replay(learner) == 40
    async with store.reading(learner.id) as uow:
        assert await uow.practice.learner_state() == state
        assert await uow.practice.reviews() == reviews
        assert await uow.practice.evidence(100) == evidence


async def test_the_store_keeps_what_the_pure_model_says(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    await _history(coach, learner, clock, attempts=25)
    async with store.reading(learner.id) as uow:
        attempts = await uow.practice.attempts_touched(None)
        state = await uow.practice.learner_state()
    pure = replay([(attempt, catalogue().get(attempt.problem)) for attempt in attempts])
    assert state == pure[-1].standing.learner


async def test_telling_attempts_late_or_in_order_leaves_the_same_state(
    coach: Coach, learner: Learner, store: Store
) -> None:
    other = Learner.of(f"other-{uuid4()}")
    told = [
        report(slug, outcome, when=(NOW - timedelta(days=days)).isoformat())
        for slug, outcome, days in [
            ("two-sum", Outcome.SOLVED, 9),
            ("3sum", Outcome.FAILED, 7),
            ("two-sum", Outcome.SOLVED, 5),
            ("coin-change", Outcome.GAVE_UP, 2),
        ]
    ]
    for entry in told:
        await coach.practice.record_attempt(learner, entry)
    for entry in Random(7).sample(told, len(told)):
        await coach.practice.record_attempt(other, entry)
    async with store.reading(learner.id) as uow:
        state, reviews = await uow.practice.learner_state(), await uow.practice.reviews()
    async with store.reading(other.id) as uow:
        assert await uow.practice.learner_state() == state
        assert await uow.practice.reviews() == reviews


async def test_secrets_in_code_and_notes_are_removed(coach: Coach, learner: Learner) -> None:
    key = "sk-" + "a1B2" * 12
    answer = await coach.practice.record_attempt(learner, report(code=f"key = '{key}'", note=key))
    shown = await coach.practice.show(learner, UUID(answer.attempt_id))
    assert key not in shown.code
    assert key not in shown.note


async def test_nul_bytes_and_lone_surrogates_are_stored_as_text(
    coach: Coach, learner: Learner
) -> None:
    await coach.practice.record_attempt(learner, report(note="a\x00b\ud800c", approach="\x07"))
    (kept,) = await coach.practice.recent(learner)
    assert "\x00" not in kept.problem


async def test_a_weakness_opens_with_evidence_and_is_told(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    solved = ["two-sum", "valid-anagram", "contains-duplicate", "group-anagrams", "binary-search"]
    solved += [
        "valid-parentheses",
        "merge-two-sorted-lists",
        "reverse-linked-list",
        "climbing-stairs",
    ]
    opened: list[str] = []
    for slug in solved:
        clock.forward(hours=20)
        await coach.practice.record_attempt(learner, report(slug, minutes=9))
    windows = catalogue().search(skill="sliding-window", round=Round.CODING)[:8]
    for problem in windows:
        clock.forward(hours=20)
        answer = await coach.practice.record_attempt(
            learner, report(problem.slug, Outcome.GAVE_UP, culprit_skill="sliding-window")
        )
        opened += answer.opened
    assert "sliding-window" in opened
    weaknesses = await coach.coaching.weakness_report(learner, skill="sliding-window")
    found = next(w for w in weaknesses.weaknesses if w.name == "sliding-window")
    assert found.n >= 8
    assert found.opened is not None
    assert {cited.problem for cited in found.evidence} <= {problem.slug for problem in windows}


async def test_an_attempt_nobody_made_is_unknown(coach: Coach, learner: Learner) -> None:
    with pytest.raises(UnknownAttempt):
        await coach.practice.show(learner, uuid4())


async def _history(coach: Coach, learner: Learner, clock: SteppingClock, attempts: int) -> None:
    dice = Random(20)
    problems = sorted(
        (p for p in catalogue() if p.round is Round.CODING), key=lambda problem: problem.slug
    )
    for _ in range(attempts):
        clock.forward(hours=dice.uniform(0.2, 60))
        problem = dice.choice(problems[:12])
        await coach.practice.record_attempt(
            learner,
            report(
                problem.slug,
                dice.choice(list(Outcome)),
                minutes=dice.uniform(5, 70),
                culprit_skill=dice.choice([None, *problem.skills]),
                confidence=dice.choice([None, 2, 5]),
            ),
        )
