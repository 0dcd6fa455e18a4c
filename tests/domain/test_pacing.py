from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.interview import (
    Abandoned,
    Event,
    Finished,
    Interview,
    Paused,
    PhaseMoved,
    Resumed,
    TurnsAppended,
    advance,
)
from maang_mcp.domain.pacing import Clock, clock

from .interviews import START, agenda, interview

SPEC = agenda()
MINUTE = timedelta(minutes=1)


def after(*steps: tuple[float, Event], minutes: int = 50) -> Interview:
    state = interview(minutes=minutes)
    for minute, event in steps:
        state = advance(state, event, START + minute * MINUTE, SPEC)
    return state


def at(minute: float, state: Interview) -> Clock:
    return clock(state, START + minute * MINUTE, SPEC)


def test_the_clock_counts_up_and_down() -> None:
    now = at(2, after())
    assert now.elapsed_minutes == 2
    assert now.remaining_minutes == 48
    assert now.phase_elapsed == 2
    assert now.phase_remaining == pytest.approx(3)
    assert not now.over_time
    assert not now.move_on
    assert now.advice == "3 minutes left for 'clarify', 48 minutes left in all."


@pytest.mark.parametrize("minutes", [15, 30, 45, 60])
def test_the_length_of_the_interview_scales_its_phases(minutes: int) -> None:
    state = after(minutes=minutes)
    for name, share in zip(SPEC.names, (0.1, 0.2, 0.4, 0.2, 0.1), strict=True):
        assert at(state.active_seconds / 60, state).phase_remaining == pytest.approx(
            share * minutes
        )
        if name != SPEC.names[-1]:
            minute = state.active_seconds / 60 + share * minutes
            state = advance(state, PhaseMoved(), START + minute * MINUTE, SPEC)


def test_a_phase_that_overruns_takes_from_all_later_ones() -> None:
    state = after((10, TurnsAppended(1)), (14, PhaseMoved()))
    assert at(14, state).phase_remaining == pytest.approx(36 * 0.2 / 0.9)


def test_time_that_a_phase_saves_or_that_is_skipped_goes_to_the_later_ones() -> None:
    state = after((1, PhaseMoved("code")))
    assert at(1, state).phase_remaining == pytest.approx(49 * 0.4 / 0.7)


def test_a_phase_that_has_had_its_time_should_end() -> None:
    now = at(5.5, after())
    assert now.move_on
    assert now.phase_remaining == 0
    assert now.advice == (
        "'clarify' has had its time: move on to 'approach', 44 minutes left in all."
    )


def test_near_its_end_a_phase_should_be_closed() -> None:
    assert at(4.2, after()).advice == (
        "Begin to close 'clarify': less than a minute left for it, 46 minutes left in all."
    )


def test_over_time_the_interview_should_be_finished() -> None:
    state = after((15, TurnsAppended(1)), (30, TurnsAppended(1)), (45, PhaseMoved("follow_ups")))
    assert not at(49, state).over_time
    late = at(51, state)
    assert late.over_time
    assert late.move_on
    assert late.remaining_minutes == 0
    assert "finish_interview" in late.advice


def test_the_last_phase_has_all_that_is_left() -> None:
    state = after((10, PhaseMoved("follow_ups")))
    assert at(10, state).phase_remaining == pytest.approx(40)


def test_while_it_is_paused_the_clock_stands() -> None:
    state = after((4, Paused()))
    assert at(5, state) == at(500, state)
    assert at(5, state).elapsed_minutes == 4
    assert not at(500, state).move_on
    assert at(500, state).advice.startswith("Paused with 46 minutes left")
    assert at(501, advance(state, Resumed(), START + 500 * MINUTE, SPEC)).elapsed_minutes == 5


@pytest.mark.parametrize(("end", "word"), [(Finished(), "finished"), (Abandoned(), "abandoned")])
def test_after_the_end_the_clock_says_how_long_it_was(end: Event, word: str) -> None:
    now = at(90, after((1, end)))
    assert now.advice == f"The interview is {word} after 1 minute."
    assert not now.move_on


@given(
    st.lists(st.tuples(st.floats(0, 25), st.sampled_from(("turn", "move", "look"))), max_size=30),
    st.integers(15, 60),
)
def test_the_clock_never_runs_back_and_its_parts_agree(
    steps: list[tuple[float, str]], minutes: int
) -> None:
    state, minute = interview(minutes=minutes), 0.0
    last = at(0, state)
    for gap, kind in steps:
        minute += gap
        when = START + minute * MINUTE
        if kind == "turn":
            state = advance(state, TurnsAppended(1), when, SPEC)
        elif kind == "move" and SPEC.ahead_of(state.phase):
            state = advance(state, PhaseMoved(), when, SPEC)
        now = at(minute, state)
        assert now.elapsed_minutes >= last.elapsed_minutes
        assert now.remaining_minutes <= last.remaining_minutes
        assert 0 <= now.phase_remaining <= now.remaining_minutes
        assert 0 <= now.phase_elapsed <= now.elapsed_minutes + 1e-9
        assert now.elapsed_minutes + now.remaining_minutes >= minutes - 1e-9
        assert now.over_time == (now.elapsed_minutes > minutes)
        assert now.move_on == (now.phase_remaining == 0)
        assert now.advice
        last = now
