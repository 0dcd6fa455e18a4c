"""However attempts are told, completed or erased: the tables are those of a life told in time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db import Store
from maang_mcp.app import Coach
from maang_mcp.content.loader import catalogue
from maang_mcp.domain.attempt import Mistake, Outcome
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round
from maang_mcp.services.requests import AttemptReport
from tests.factories import NOW, SteppingClock, report
from tests.lives import interviewed

DERIVED = ("attempt_evidence", "learner_state", "skill_state", "review", "review_log", "weakness")
OWN = "Acme onsite elevators"
Told = tuple[AttemptReport, UUID]
Tables = dict[str, list[dict[str, Any]]]


@pytest.mark.parametrize("seed", range(3))
async def test_attempts_told_in_any_order_leave_the_tables_of_those_told_in_time(
    coach: Coach, learner: Learner, store: Store, seed: int
) -> None:
    other = Learner.of(f"other-{uuid4()}")
    told = _history(Random(seed), 30)
    await _tell(coach, learner, told)
    await _tell(coach, other, Random(seed).sample(told, len(told)))
    in_time = await _tables(store, learner)
    assert len(in_time["attempt_evidence"]) == len(told)
    assert in_time["weakness"]
    assert await _tables(store, other) == in_time
    await coach.practice.replay(other)
    assert await _tables(store, other) == in_time


@pytest.mark.parametrize("seed", range(2))
async def test_erasing_attempts_leaves_the_tables_of_a_life_without_them(
    coach: Coach, learner: Learner, store: Store, seed: int
) -> None:
    other = Learner.of(f"other-{uuid4()}")
    dice = Random(seed)
    told = _history(dice, 24, completing=False)
    gone = {id for _, id in (told[0], told[-1], *dice.sample(told, 6))}
    await _tell(coach, learner, [entry for entry in told if entry[1] not in gone])
    await _tell(coach, other, told)
    for id in gone:
        await coach.erasure.forget(other, "attempt", id, "")
    assert await _tables(store, other) == await _tables(store, learner)


async def test_erasing_the_only_attempt_leaves_nothing_derived(
    coach: Coach, learner: Learner, store: Store
) -> None:
    recorded = await coach.practice.record_attempt(learner, report(OWN, skills=("heap",)))
    await coach.erasure.forget(learner, "attempt", UUID(recorded.attempt_id), "")
    assert not any((await _tables(store, learner)).values())


async def test_a_record_of_an_older_release_is_replayed_from_its_beginning(
    coach: Coach, learner: Learner, store: Store
) -> None:
    other = Learner.of(f"other-{uuid4()}")
    *told, late = sorted(_history(Random(9), 24), key=lambda entry: entry[0].note == "late")
    await _tell(coach, learner, [*told, late])
    await _tell(coach, other, told)
    async with store.engine.begin() as connection:
        await connection.execute(
            text("UPDATE attempt_evidence SET beliefs = NULL WHERE learner_id = :id"),
            {"id": other.id},
        )
    await _tell(coach, other, [late])
    assert await _tables(store, other) == await _tables(store, learner)


async def test_an_attempt_told_late_before_an_interview_counts_its_scores_as_a_replay_does(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    await _tell(coach, learner, _history(Random(4), 12))
    for score in (1, 2, 1):
        clock.forward(days=2)
        await interviewed(coach, learner, clock, score=score)
    clock.forward(days=2)
    await coach.practice.record_attempt(learner, report("two-sum"))
    for days in (3, 5, 12):
        when = (clock.at - timedelta(days=days)).isoformat()
        await coach.practice.record_attempt(learner, report("coin-change", when=when))
    told = await _tables(store, learner)
    assert "dimension" in {row["kind"] for row in told["weakness"]}
    await coach.practice.replay(learner)
    assert await _tables(store, learner) == told


def _history(dice: Random, attempts: int, *, completing: bool = True) -> list[Told]:
    """A month of practice, in the order it happened: some days without times, windows that fail."""
    windows = [p.slug for p in catalogue().search(skill="sliding-window", round=Round.CODING)][:6]
    others = ["two-sum", "valid-anagram", "climbing-stairs", "3sum", "coin-change", OWN]
    told: list[tuple[float, UUID, AttemptReport]] = []
    for number in range(attempts):
        failing = dice.random() < 0.5
        slug = dice.choice(windows if failing else others)
        days = dice.choice([dice.uniform(0, 30), float(dice.randrange(30))])
        entry = report(
            slug,
            dice.choice([Outcome.FAILED, Outcome.GAVE_UP]) if failing else Outcome.SOLVED,
            minutes=round(dice.uniform(5, 70)),
            mistakes=(Mistake.WRONG_PATTERN,) if dice.random() < 0.4 else (),
            culprit_skill="sliding-window" if failing else None,
            skills=("heap",) if slug == OWN and not (completing and dice.random() < 0.5) else (),
            when=(NOW - timedelta(days=30 - days)).isoformat(),
            note="late" if number == attempts // 2 else "",
        )
        told.append((days, UUID(int=dice.getrandbits(128)), entry))
    return [(entry, id) for _, id, entry in sorted(told, key=lambda one: one[:2])]


async def _tell(coach: Coach, learner: Learner, told: Iterable[Told]) -> None:
    for entry, attempt_id in told:
        await coach.practice.record_attempt(learner, entry, attempt_id)


async def _tables(store: Store, learner: Learner) -> Tables:
    """Every derived row of a learner, without what only tells rows and learners apart."""
    found: Tables = {}
    async with store.engine.connect() as connection:
        for table in DERIVED:
            rows = await connection.execute(
                text(f"SELECT * FROM {table} WHERE learner_id = :id"), {"id": learner.id}
            )
            found[table] = sorted(
                (
                    {k: v for k, v in row.items() if k not in ("learner_id", "id")}
                    for row in map(dict, rows.mappings())
                ),
                key=str,
            )
    return found
