from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.agenda import RoundSpec
from maang_mcp.domain.errors import AlreadyFinished, CoachError, InvalidInput, InvalidTransition
from maang_mcp.domain.interview import (
    ALLOWED,
    LONGEST_SILENCE,
    SET_ASIDE,
    UNATTENDED,
    Abandoned,
    CodeChecked,
    Event,
    Finished,
    HintRequested,
    Interview,
    Paused,
    PhaseMoved,
    Resumed,
    Status,
    TurnsAppended,
    active_seconds_at,
    advance,
    expire_if_stale,
    next_hint,
    possible,
)

from .interviews import LADDER, START, agenda, interview

SPEC = agenda()
MINUTE = timedelta(minutes=1)


def play(*steps: tuple[float, Event], start: Interview | None = None) -> Interview:
    """The interview after events at minutes counted from its start."""
    state = start or interview()
    for minute, event in steps:
        state = advance(state, event, START + minute * MINUTE, SPEC)
    return state


def test_a_whole_interview_from_hello_to_goodbye() -> None:
    state = play(
        (0.5, TurnsAppended(1, 1)),
        (4, PhaseMoved()),
        (9, TurnsAppended(2, 1)),
        (9, HintRequested()),
        (12, TurnsAppended(1)),
        (14, PhaseMoved("code")),
        (20, Paused()),
        (50, Resumed()),
        (62, TurnsAppended(1)),
        (63, PhaseMoved()),
        (70, Finished()),
    )
    assert state.status is Status.FINISHED
    assert state.phase == "test"
    assert state.turns == 7
    assert state.hints_given == 1
    assert not state.hint_pending_use
    assert state.active_seconds == (20 + 20) * 60
    assert state.phase_started == (20 + 13) * 60
    assert state.running_since is None
    assert state.version == 12


def test_an_event_leaves_the_interview_it_happened_to_as_it_was() -> None:
    before = interview()
    after = advance(before, TurnsAppended(1), START + MINUTE, SPEC)
    assert before == interview()
    assert after != before


@pytest.mark.parametrize("minutes", [14, 61, 0, -45])
def test_an_interview_takes_15_to_60_minutes(minutes: int) -> None:
    with pytest.raises(InvalidInput, match="15 to 60"):
        interview(minutes=minutes)


def test_an_interview_starts_at_a_time_with_a_zone() -> None:
    with pytest.raises(InvalidInput, match="time zone"):
        interview(at=START.replace(tzinfo=None))


@pytest.mark.parametrize("event", [TurnsAppended(1), HintRequested(), PhaseMoved(), Paused()])
def test_a_paused_interview_has_to_be_resumed_first(event: Event) -> None:
    paused = play((5, Paused()))
    with pytest.raises(InvalidTransition, match="paused") as refusal:
        play((6, event), start=paused)
    assert "interview_step" in refusal.value.explain()


@pytest.mark.parametrize("end", [Finished(), Abandoned()])
def test_a_paused_interview_can_be_ended(end: Event) -> None:
    assert play((5, Paused()), (6, end)).status.is_final


def test_a_running_interview_cannot_be_resumed() -> None:
    with pytest.raises(InvalidTransition, match="already running"):
        play((5, Resumed()))


@pytest.mark.parametrize("end", [Finished(), Abandoned()])
@pytest.mark.parametrize(
    "event",
    [TurnsAppended(1), HintRequested(), PhaseMoved(), Paused(), Resumed(), Finished(), Abandoned()],
)
def test_nothing_happens_after_the_end(end: Event, event: Event) -> None:
    over = play((5, end))
    with pytest.raises(AlreadyFinished, match=over.status) as refusal:
        play((6, event), start=over)
    assert "start_interview" in refusal.value.explain()


@pytest.mark.parametrize("turns", [TurnsAppended(0), TurnsAppended(-1, 2), TurnsAppended(2, -1)])
def test_turns_that_are_none_are_refused(turns: TurnsAppended) -> None:
    with pytest.raises(InvalidInput):
        play((1, turns))


def test_what_is_possible_narrows_with_the_phase_and_the_hint_gate() -> None:
    always = (TurnsAppended, Paused, Finished, Abandoned)
    assert set(possible(interview(), SPEC)) == {*always, HintRequested, PhaseMoved}
    assert set(possible(play((1, HintRequested())), SPEC)) == {*always, PhaseMoved}
    assert set(possible(play((1, PhaseMoved("follow_ups"))), SPEC)) == {*always, HintRequested}
    assert set(possible(play((1, Paused())), SPEC)) == {Resumed, Finished, Abandoned}
    assert possible(play((1, Finished())), SPEC) == ()


class TestPhases:
    def test_without_a_name_the_next_phase_follows(self) -> None:
        assert play((1, PhaseMoved())).phase == "approach"

    def test_phases_may_be_skipped(self) -> None:
        assert play((1, PhaseMoved("test"))).phase == "test"

    @pytest.mark.parametrize("to", ["clarify", "code"])
    def test_phases_never_go_back(self, to: str) -> None:
        with pytest.raises(InvalidTransition, match="over") as refusal:
            play((1, PhaseMoved("code")), (2, PhaseMoved(to)))
        assert "test, follow_ups" in refusal.value.explain()

    def test_an_unknown_phase_is_refused_with_those_ahead(self) -> None:
        with pytest.raises(InvalidTransition, match="no phase of this round") as refusal:
            play((1, PhaseMoved("lunch")))
        assert "approach" in refusal.value.explain()

    def test_after_the_last_phase_there_is_only_the_end(self) -> None:
        with pytest.raises(InvalidTransition, match="last phase") as refusal:
            play((1, PhaseMoved("follow_ups")), (2, PhaseMoved()))
        assert "finish_interview" in refusal.value.explain()


class TestHints:
    def test_the_first_hint_is_the_first_level(self) -> None:
        assert next_hint(interview(), LADDER) == (1, LADDER[0])

    def test_a_second_hint_waits_until_the_candidate_has_tried_the_first(self) -> None:
        state = play((1, HintRequested()), (2, TurnsAppended(0, 1)))
        with pytest.raises(InvalidTransition, match="not been tried"):
            next_hint(state, LADDER)
        with pytest.raises(InvalidTransition, match="not been tried"):
            play((3, HintRequested()), start=state)
        tried = play((3, TurnsAppended(1)), start=state)
        assert next_hint(tried, LADDER) == (2, LADDER[1])

    def test_there_are_four_hints_and_no_fifth(self) -> None:
        state = interview()
        for level in range(1, 5):
            assert next_hint(state, LADDER)[0] == level
            state = play((level, HintRequested()), (level, TurnsAppended(1)), start=state)
        with pytest.raises(InvalidTransition, match="All 4 hints"):
            next_hint(state, LADDER)

    def test_no_hint_is_shown_while_the_interview_is_paused(self) -> None:
        with pytest.raises(InvalidTransition, match="paused"):
            next_hint(play((1, Paused())), LADDER)


class TestTime:
    def test_a_pause_of_a_day_costs_nothing(self) -> None:
        state = play((10, Paused()), (10 + 24 * 60, Resumed()))
        at = state.running_since
        assert at is not None
        assert active_seconds_at(state, at) == 600
        assert active_seconds_at(state, at + MINUTE) == 660

    def test_of_a_long_silence_only_its_beginning_counts(self) -> None:
        silent = LONGEST_SILENCE / MINUTE
        assert active_seconds_at(interview(), START + timedelta(hours=9)) == silent * 60
        state = play((9 * 60, TurnsAppended(1)), (9 * 60 + 5, TurnsAppended(1)))
        assert state.active_seconds == (silent + 5) * 60

    def test_a_clock_that_runs_behind_takes_nothing_back(self) -> None:
        state = play((10, TurnsAppended(1)), (4, TurnsAppended(1)), (11, TurnsAppended(1)))
        assert state.active_seconds == 11 * 60

    @pytest.mark.parametrize("after", [timedelta(), timedelta(hours=26), UNATTENDED])
    def test_an_interview_left_open_can_be_taken_up_the_next_evening(
        self, after: timedelta
    ) -> None:
        assert expire_if_stale(interview(), START + after) == interview()

    def test_an_interview_nobody_comes_back_to_expires(self) -> None:
        late = START + UNATTENDED + MINUTE
        expired = expire_if_stale(interview(), late)
        assert expired.status is Status.EXPIRED
        assert expired.active_seconds == LONGEST_SILENCE.total_seconds()
        assert expired.version == 2
        assert expire_if_stale(expired, late + MINUTE) == expired

    def test_a_paused_interview_keeps_for_a_week(self) -> None:
        paused = play((5, Paused()))
        assert expire_if_stale(paused, START + SET_ASIDE) == paused
        assert expire_if_stale(paused, START + SET_ASIDE + MINUTE).status is Status.EXPIRED

    def test_what_has_expired_cannot_go_on_even_if_nobody_noticed(self) -> None:
        with pytest.raises(AlreadyFinished, match="expired"):
            advance(interview(), TurnsAppended(1), START + UNATTENDED + MINUTE, SPEC)

    @pytest.mark.parametrize("end", [Finished(), Abandoned()])
    def test_what_has_ended_does_not_expire(self, end: Event) -> None:
        over = play((5, end))
        assert expire_if_stale(over, START + 10 * SET_ASIDE) == over


class TestAgenda:
    @pytest.mark.parametrize("shares", [(), (0.5, 0.6), (1.0, 0.0), (1.5, -0.5)])
    def test_an_agenda_shares_out_all_of_the_time(self, shares: tuple[float, ...]) -> None:
        with pytest.raises(ValueError, match="coding"):
            agenda(shares)

    def test_phases_of_one_name_are_refused(self) -> None:
        phase = replace(SPEC.phases[0], share_of_time=0.5)
        with pytest.raises(ValueError, match="names that differ"):
            RoundSpec(SPEC.round, (phase, phase))

    def test_a_phase_is_found_by_its_name_alone(self) -> None:
        assert SPEC.phase("code").share_of_time == 0.4
        with pytest.raises(KeyError):
            SPEC.phase("lunch")


def test_running_code_is_a_sign_of_life() -> None:
    silent = play((20, CodeChecked()), (40, CodeChecked()), (60, TurnsAppended(1)))
    assert silent.active_seconds == 60 * 60
    assert play((60, TurnsAppended(1))).active_seconds == LONGEST_SILENCE.total_seconds()


def test_running_code_changes_nothing_but_the_clock() -> None:
    hinted = play((1, HintRequested()))
    checked = play((5, CodeChecked()), start=hinted)
    assert checked == replace(
        hinted,
        active_seconds=300.0,
        running_since=START + 5 * MINUTE,
        version=hinted.version + 1,
    )


def test_code_can_be_run_in_a_break_and_its_clock_stands() -> None:
    paused = play((10, Paused()), (20, CodeChecked()))
    assert (paused.status, paused.active_seconds) == (Status.PAUSED, 600.0)
    assert paused.running_since is None


def test_no_code_is_run_in_an_interview_that_is_over() -> None:
    for last in (Finished(), Abandoned()):
        with pytest.raises(AlreadyFinished):
            play((1, last), (2, CodeChecked()))


EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(TurnsAppended, st.integers(-1, 3), st.integers(-1, 3)),
    st.just(HintRequested()),
    st.builds(PhaseMoved, st.none() | st.sampled_from((*SPEC.names, "lunch"))),
    st.just(CodeChecked()),
    st.just(Paused()),
    st.just(Resumed()),
    st.just(Finished()),
    st.just(Abandoned()),
)
GAPS = st.one_of(
    st.floats(-5, 30),
    st.sampled_from([0.0, 25.0, 26.0, 26 * 60.0, 37 * 60.0, 8 * 24 * 60.0]),
)
"""Minutes between events, back in time included."""


@given(st.lists(st.tuples(GAPS, EVENTS), max_size=40))
def test_no_sequence_of_events_leaves_the_table(steps: list[tuple[float, Event]]) -> None:
    state, at = interview(), START
    counted, tried = 0.0, True
    for gap, event in steps:
        at += gap * MINUTE
        fresh = expire_if_stale(state, at)
        may = isinstance(event, possible(fresh, SPEC)) or (
            isinstance(event, CodeChecked) and not fresh.status.is_final
        )
        seen = active_seconds_at(state, at)
        try:
            after = advance(state, event, at, SPEC)
        except CoachError:
            assert not may or isinstance(event, TurnsAppended | PhaseMoved)
            continue
        assert may
        assert isinstance(event, ALLOWED[state.status])
        if state.running_since is not None:
            silence = max(at - state.running_since, timedelta())
            counted += min(silence, LONGEST_SILENCE).total_seconds()
        assert after.active_seconds == pytest.approx(counted)
        assert after.active_seconds == seen >= state.active_seconds
        assert after.active_seconds >= after.phase_started >= state.phase_started
        assert after.version == state.version + 1
        assert (after.running_since is not None) == (after.status is Status.ACTIVE)
        assert SPEC.names.index(after.phase) >= SPEC.names.index(state.phase)
        assert (after.phase != state.phase) == isinstance(event, PhaseMoved)
        if isinstance(event, HintRequested):
            assert tried
            assert after.hints_given == state.hints_given + 1 <= 4
            tried = False
        else:
            assert after.hints_given == state.hints_given
            tried = tried or (isinstance(event, TurnsAppended) and event.candidate_turns > 0)
        assert after.hint_pending_use is not tried
        state = after


@given(st.lists(st.floats(0, 100), min_size=2, max_size=8))
def test_however_often_it_is_paused_only_the_time_between_counts(stretches: list[float]) -> None:
    state, at, worked = interview(), START, timedelta()
    for number, stretch in enumerate(stretches):
        at += stretch * MINUTE
        if number % 2 == 0:
            worked += min(stretch * MINUTE, LONGEST_SILENCE)
            state = advance(state, Paused(), at, SPEC)
        else:
            state = advance(state, Resumed(), at, SPEC)
    assert active_seconds_at(state, at) == pytest.approx(worked.total_seconds())
