from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.level import Level
from maang_mcp.domain.rubric import BAR, Signals, apply_ceilings
from maang_mcp.domain.verdict import Label, Verdict, label_of, outcome_of, verdict

from .rubrics import RUBRIC, scored

SCALE = list(Label)
CORE = {dimension.name for dimension in RUBRIC.dimensions if dimension.core}
SCORES = st.tuples(*[st.integers(1, 4)] * 4)


def label(*scores: int) -> Label:
    return label_of(dict(zip(RUBRIC.names, scores, strict=True)), RUBRIC)


def judge(*scores: int, signals: Signals | None = None, level: Level = Level.SENIOR) -> Verdict:
    return verdict(apply_ceilings(scored(*scores), signals or Signals(), RUBRIC), level, RUBRIC)


@pytest.mark.parametrize(
    ("scores", "expected"),  # communication, problem solving, technical competency, testing
    [
        ((4, 4, 4, 4), Label.STRONG_HIRE),
        ((3, 4, 4, 3), Label.STRONG_HIRE),
        ((3, 4, 3, 3), Label.LEANING_HIRE),
        ((4, 4, 4, 2), Label.LEANING_HIRE),
        ((3, 3, 3, 3), Label.LEANING_HIRE),
        ((2, 3, 4, 3), Label.LEANING_HIRE),
        ((3, 3, 3, 2), Label.LEANING_NO_HIRE),
        ((2, 4, 4, 2), Label.LEANING_NO_HIRE),
        ((4, 2, 4, 4), Label.LEANING_NO_HIRE),
        ((4, 4, 2, 4), Label.LEANING_NO_HIRE),
        ((4, 4, 4, 1), Label.LEANING_NO_HIRE),
        ((2, 2, 2, 2), Label.LEANING_NO_HIRE),
        ((1, 2, 2, 2), Label.STRONG_NO_HIRE),
        ((4, 1, 4, 4), Label.STRONG_NO_HIRE),
        ((4, 4, 1, 4), Label.STRONG_NO_HIRE),
        ((1, 1, 1, 1), Label.STRONG_NO_HIRE),
    ],
)
def test_the_verdict_follows_the_rule(scores: tuple[int, ...], expected: Label) -> None:
    assert label(*scores) is expected
    assert judge(*scores).label is expected


@given(SCORES, st.integers(0, 3))
def test_a_higher_score_never_lowers_the_verdict(scores: tuple[int, ...], raised: int) -> None:
    better = [min(score + (place == raised), 4) for place, score in enumerate(scores)]
    assert SCALE.index(label(*better)) <= SCALE.index(label(*scores))


def test_code_that_fails_tests_is_never_a_hire() -> None:
    signals = Signals(tests_failed=1)
    for scores in product(range(1, 5), repeat=4):
        assert judge(*scores, signals=signals).label not in SCALE[:2]


def test_the_insight_as_a_hint_is_never_a_hire() -> None:
    assert judge(4, 4, 4, 4, signals=Signals(hints_given=3)).label is Label.LEANING_NO_HIRE


@given(SCORES)
def test_what_would_have_raised_it_does_so_with_the_fewest_points(scores: tuple[int, ...]) -> None:
    found = judge(*scores)
    if found.label is SCALE[0]:
        assert found.would_have_raised_it == ()
        return
    wanted = SCALE.index(found.label) - 1
    raised = dict(zip(RUBRIC.names, scores, strict=True))
    for step in found.would_have_raised_it:
        assert raised[step.dimension] == step.score < step.to
        raised[step.dimension] = step.to
    assert SCALE.index(label_of(raised, RUBRIC)) <= wanted
    cheapest = min(
        sum(other) - sum(scores)
        for other in product(*(range(score, 5) for score in scores))
        if SCALE.index(label(*other)) <= wanted
    )
    assert sum(step.to - step.score for step in found.would_have_raised_it) == cheapest


def test_the_next_score_is_described_for_the_level() -> None:
    (step,) = judge(3, 2, 4, 4, level=Level.STAFF).would_have_raised_it
    assert (step.dimension, step.score, step.to) == ("problem_solving", 2, 3)
    assert step.by == "problem_solving 3 staff"


def test_where_a_ceiling_was_the_reason_it_is_named() -> None:
    signals = Signals(hints_given=3)
    (step,) = judge(4, 4, 4, 4, signals=signals).would_have_raised_it
    assert step.by == "Without the ceiling: the key insight was given as a hint."


def test_the_average_is_that_of_the_scores_that_count() -> None:
    assert judge(4, 4, 3, 3, signals=Signals(hints_given=1)).average == 3.25


@given(SCORES)
def test_the_uncertainty_is_what_one_point_could_change(scores: tuple[int, ...]) -> None:
    found = judge(*scores)
    assert SCALE.index(found.at_best) <= SCALE.index(found.label) <= SCALE.index(found.at_worst)
    assert "One session is volatile" in found.uncertainty
    for near in {found.at_best, found.at_worst} - {found.label}:
        assert f"'{near}'" in found.uncertainty


def test_a_verdict_on_the_edge_says_so() -> None:
    found = judge(3, 3, 3, 3)
    assert (found.at_worst, found.at_best) == (Label.LEANING_NO_HIRE, Label.LEANING_HIRE)
    assert judge(4, 4, 4, 4).at_worst is Label.STRONG_HIRE


@pytest.mark.parametrize(
    ("scores", "rule"),  # communication, problem solving, technical competency, testing
    [
        ((4, 4, 4, 4), "nothing is below the bar and the average is 3.5 or more"),
        ((3, 3, 3, 3), "the average is below 3.5"),
        ((4, 4, 4, 2), "testing is below the bar"),
        ((4, 2, 4, 4), "problem_solving is below the bar"),
        ((2, 2, 2, 4), "problem_solving and technical_competency are below the bar"),
        ((4, 4, 4, 1), "testing scored 1"),
        ((2, 4, 4, 2), "communication and testing are below the bar"),
        ((3, 3, 3, 2), "the average is below 3"),
        ((4, 1, 4, 4), "problem_solving scored 1"),
        ((1, 2, 2, 2), "the average is below 2"),
    ],
)
def test_the_rule_that_decided_is_named(scores: tuple[int, ...], rule: str) -> None:
    found = judge(*scores)
    assert found.decided_by == rule
    assert found.uncertainty.startswith(f"What decided: {rule}. ")


@pytest.mark.parametrize(
    ("stated", "signals", "scores", "expected"),
    [
        (Outcome.SOLVED, Signals(), (3, 3, 3, 3), Outcome.SOLVED),
        (Outcome.SOLVED, Signals(hints_given=1), (3, 3, 3, 3), Outcome.SOLVED),
        (Outcome.SOLVED, Signals(hints_given=2), (3, 3, 3, 3), Outcome.SOLVED_WITH_HINTS),
        (Outcome.SOLVED_WITH_HINTS, Signals(), (3, 3, 3, 3), Outcome.SOLVED_WITH_HINTS),
        (Outcome.SOLVED, Signals(tests_failed=2), (3, 3, 3, 3), Outcome.FAILED),
        (Outcome.SOLVED_WITH_HINTS, Signals(tests_failed=1), (3, 3, 3, 3), Outcome.FAILED),
        (Outcome.SOLVED, Signals(tests_failed=0), (3, 3, 3, 3), Outcome.SOLVED),
        (Outcome.SOLVED, Signals(), (4, 1, 4, 4), Outcome.FAILED),
        (Outcome.SOLVED, Signals(), (1, 3, 3, 1), Outcome.SOLVED),
        (Outcome.SOLVED, Signals(), (4, 2, 4, 4), Outcome.FAILED),
        (Outcome.SOLVED_WITH_HINTS, Signals(), (4, 4, 2, 4), Outcome.FAILED),
        (Outcome.SOLVED, Signals(tests_failed=1), (4, 4, 4, 4), Outcome.FAILED),
        (Outcome.SOLVED, Signals(hints_given=3), (4, 4, 4, 4), Outcome.SOLVED_WITH_HINTS),
        (Outcome.SOLVED, Signals(hints_given=3), (4, 2, 4, 4), Outcome.FAILED),
        (Outcome.FAILED, Signals(), (4, 4, 4, 4), Outcome.FAILED),
        (Outcome.GAVE_UP, Signals(hints_given=4), (1, 1, 1, 1), Outcome.GAVE_UP),
    ],
)
def test_the_outcome_is_lowered_where_the_interview_shows_less(
    stated: Outcome, signals: Signals, scores: tuple[int, ...], expected: Outcome
) -> None:
    finals = apply_ceilings(scored(*scores), signals, RUBRIC)
    assert outcome_of(stated, finals, signals, RUBRIC) is expected


@given(
    SCORES,
    st.sampled_from(Outcome),
    st.builds(
        Signals,
        hints_given=st.integers(0, 4),
        tests_failed=st.none() | st.integers(0, 3),
        over_time=st.booleans(),
        tested=st.none() | st.booleans(),
    ),
)
def test_nothing_is_solved_alone_with_a_core_dimension_below_the_bar(
    scores: tuple[int, ...], stated: Outcome, signals: Signals
) -> None:
    finals = apply_ceilings(scored(*scores), signals, RUBRIC)
    outcome = outcome_of(stated, finals, signals, RUBRIC)
    core = [final for final in finals if final.dimension in CORE]
    if outcome is Outcome.SOLVED:
        assert min(final.score for final in core) >= BAR
    if outcome is Outcome.SOLVED_WITH_HINTS:
        assert min(final.given for final in core) >= BAR
