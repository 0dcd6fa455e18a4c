"""The made-up trace: what it claims to be."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.replayed_trace import QUESTIONS, Kind, Step, trace

WRITES = {Kind.ATTEMPT, Kind.NOTE}
DAY = 24 * 3_600


@given(seed=st.integers(0, 99), share=st.floats(0, 1), dashboard=st.booleans())
def test_the_same_seed_gives_the_same_calls_in_the_order_of_time(
    seed: int, share: float, dashboard: bool
) -> None:
    steps = trace(Random(seed), 5, share, dashboard=dashboard)
    assert steps == trace(Random(seed), 5, share, dashboard=dashboard)
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert all(0 <= step.at < 6 * DAY for step in steps)
    assert {step.text for step in steps if step.kind is Kind.RETRIEVE} <= set(QUESTIONS)


def test_nothing_is_written_in_a_trace_without_writes() -> None:
    assert not any(step.kind in WRITES for step in trace(Random(1), 60, 0.0))


def test_more_is_written_the_greater_the_share() -> None:
    few, many = (_written(trace(Random(1), 60, share)) for share in (0.1, 0.5))
    assert 0 < few < many


def test_recurring_questions_recur_and_the_first_most_often() -> None:
    asked = [step.text for step in trace(Random(2), 90, 0.2) if step.kind is Kind.RETRIEVE]
    counts = [asked.count(question) for question in QUESTIONS]
    assert counts[0] == max(counts)
    assert counts[0] > 3 * counts[-1] > 0


def test_a_dashboard_looks_every_minute_of_a_session() -> None:
    without, with_it = (trace(Random(3), 30, 0.0, dashboard=shown) for shown in (False, True))
    assert len(with_it) > len(without)
    assert {step.kind for step in with_it[: len(without)]} <= set(Kind)


def _written(steps: list[Step]) -> int:
    return sum(step.kind in WRITES for step in steps)
