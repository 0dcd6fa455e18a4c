"""Progress by round: no number before its time, corrected by mocks, with a direction."""

from __future__ import annotations

import math
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.attempt import Grade, Outcome
from maang_mcp.domain.level import Level
from maang_mcp.domain.mastery import Belief, Item, LearnerState, SkillState, observe
from maang_mcp.domain.progress import (
    HARD_SHARE,
    HIRES,
    MOCKS_PER_RESULT,
    QUESTIONS,
    Mock,
    RoundReadiness,
    RubricScore,
    calibration_by,
    round_readiness,
    rubric_history,
    trend,
)
from maang_mcp.domain.readiness import ENOUGH_ATTEMPTS, UNCALIBRATED, readiness, target_profile
from maang_mcp.domain.skills import Round
from maang_mcp.domain.verdict import Label
from maang_mcp.domain.weakness import Trend

from .learners import after, history, skill

SKILLS = (skill("arrays"), skill("trees", frequency=0.2), skill("heaps", frequency=0.1))
SOLVED, GAVE_UP = Outcome.SOLVED, Outcome.GAVE_UP


def mock(n: int, verdict: Label, expected: float | None = 0.6) -> Mock:
    return Mock(UUID(int=n), Round.CODING, Level.MID, "lru-cache", after(n), verdict, 3.0, expected)


def ready(
    state: LearnerState,
    attempts: int = 20,
    *,
    level: Level = Level.MID,
    round: Round = Round.CODING,
    mocks: tuple[Mock, ...] = (),
    days: float = 30,
) -> RoundReadiness:
    return round_readiness(
        state, round, SKILLS, level, after(days), attempts=attempts, mocks=mocks, baseline={}
    )


def scored(n: int, dimension: str, score: int, round: Round = Round.CODING) -> RubricScore:
    return RubricScore(round, dimension, score, after(n), score, UUID(int=n))


def test_every_level_and_round_has_its_demand() -> None:
    assert HARD_SHARE.keys() == set(Level)
    assert list(HARD_SHARE.values()) == sorted(HARD_SHARE.values())
    assert QUESTIONS.keys() == set(Round)
    assert all(1 <= needed <= asked for asked, needed in QUESTIONS.values())


@given(
    st.lists(
        st.tuples(st.sampled_from(["arrays", "trees", "heaps"]), st.sampled_from(Grade)),
        max_size=40,
    ),
    st.floats(-10_000, 10_000),
    st.sampled_from(Level),
    st.sampled_from(Round),
    st.lists(st.tuples(st.sampled_from(Label), st.none() | st.floats(0, 1)), max_size=8),
)
def test_below_ten_attempts_there_is_no_number_and_from_then_on_one_in_its_interval(
    attempts: list[tuple[str, Grade]],
    read: float,
    level: Level,
    round: Round,
    verdicts: list[tuple[Label, float | None]],
) -> None:
    state = LearnerState.new()
    for n, (name, grade) in enumerate(attempts):
        state = observe(state, Item((name,), 0.2, 0.36), grade, after(n)).state
    mocks = tuple(mock(n, verdict, expected) for n, (verdict, expected) in enumerate(verdicts))
    found = ready(state, len(attempts), level=level, round=round, mocks=mocks, days=read)
    assert (found.readiness is None) == (len(attempts) < ENOUGH_ATTEMPTS)
    assert (found.round, found.attempts) == (round, len(attempts))
    assert found.mocks == sum(expected is not None for _, expected in verdicts)
    if found.readiness is None:
        assert found.trend is Trend.UNKNOWN
    else:
        estimate = found.readiness
        assert all(map(math.isfinite, (estimate.low, estimate.probability, estimate.high)))
        assert 0 <= estimate.low <= estimate.probability <= estimate.high <= 1


def test_the_demand_is_the_rounds_and_the_levels() -> None:
    state, _ = history(*12 * [("arrays", SOLVED)])
    expected = readiness(
        state, target_profile(SKILLS, 0.5), after(30), attempts=20, problems=1, needed=1
    )
    assert ready(state, level=Level.SENIOR, round=Round.SYSTEM_DESIGN).readiness == expected
    values = [ready(state, level=level).readiness for level in Level]
    chances = [value.probability for value in values if value]
    assert chances == sorted(chances, reverse=True)
    assert len(set(chances)) == len(Level)


def test_mocks_are_folded_in_the_order_they_happened() -> None:
    mocks = [mock(1, Label.STRONG_HIRE, 0.4), mock(2, Label.STRONG_NO_HIRE, 0.8)]
    each = 1 / MOCKS_PER_RESULT
    folded = UNCALIBRATED.learn(0.4, passed=True, weight=each)
    folded = folded.learn(0.8, passed=False, weight=each)
    assert calibration_by(mocks) == calibration_by(mocks[::-1]) == folded
    assert calibration_by([]) == UNCALIBRATED
    assert calibration_by([mock(1, Label.STRONG_HIRE, None)]) == UNCALIBRATED


@pytest.mark.parametrize("verdict", Label)
def test_a_mock_is_passed_on_the_hire_side(verdict: Label) -> None:
    assert mock(1, verdict).passed == (verdict in HIRES) == ("no hire" not in verdict)


def test_failed_mocks_lower_the_readiness_and_passed_ones_raise_it() -> None:
    state, _ = history(*12 * [("arrays", SOLVED)])
    chances = []
    for mocks in (
        tuple(mock(n, Label.LEANING_NO_HIRE) for n in range(3)),
        (),
        tuple(mock(n, Label.LEANING_HIRE) for n in range(3)),
    ):
        found = ready(state, mocks=mocks)
        assert found.mocks == len(mocks)
        assert found.readiness is not None
        chances.append(found.readiness.probability)
    assert chances == sorted(chances)
    assert chances[2] - chances[0] > 0.1
    assert {found.mocks, found.results} == {3, 0}


def test_without_a_level_to_compare_with_there_is_no_trend() -> None:
    state, _ = history(*12 * [("arrays", SOLVED)])
    assert trend(state, SKILLS, {}, after(12)) is Trend.UNKNOWN
    assert trend(state, SKILLS, {"heaps": Belief(0.0, 0.4)}, after(12)) is Trend.UNKNOWN


@pytest.mark.parametrize(
    ("then", "expected"),
    [(-1.0, Trend.IMPROVING), (0.0, Trend.STEADY), (1.0, Trend.DECLINING)],
)
def test_a_trend_is_the_move_of_the_skills_there_were(then: float, expected: Trend) -> None:
    tried = {
        name: SkillState(name, 0.0, 0.1, 0.0, 9, after(0)) for name in ("arrays", "trees", "heaps")
    }
    state = replace(LearnerState.new(), ability=Belief(0.0, 0.1), skills=tried)
    baseline = {name: Belief(then, 0.1) for name in ("arrays", "trees")}
    assert trend(state, SKILLS, baseline, after(0)) is expected


def test_a_trend_weighs_skills_by_how_often_they_are_asked() -> None:
    tried = {name: SkillState(name, 0.0, 0.05, 0.0, 9, after(0)) for name in ("arrays", "heaps")}
    state = replace(LearnerState.new(), ability=Belief(0.0, 0.1), skills=tried)
    baseline = {"arrays": Belief(-1.0, 0.05), "heaps": Belief(1.0, 0.05)}
    assert trend(state, SKILLS, baseline, after(0)) is Trend.IMPROVING


def test_rubric_scores_are_told_by_round_and_dimension_the_lowest_first() -> None:
    scores = [
        scored(2, "communication", 4),
        scored(1, "communication", 2),
        scored(1, "communication", 2, Round.SYSTEM_DESIGN),
        *(scored(n, "testing", 3) for n in range(12)),
    ]
    found = rubric_history(scores)
    assert [(entry.round, entry.dimension, len(entry.scores)) for entry in found] == [
        (Round.SYSTEM_DESIGN, "communication", 1),
        (Round.CODING, "communication", 2),
        (Round.CODING, "testing", 10),
    ]
    single, both, same = found
    assert [score.score for score in both.scores] == [2, 4]
    assert (single.mean, both.mean, same.mean) == (2, 3, 3)
    assert single.standard_error == pytest.approx(0.8)
    assert both.standard_error == pytest.approx(1 / math.sqrt(2))
    assert same.standard_error == pytest.approx(0.8 / math.sqrt(10))
    assert same.scores[0].at == after(2)
