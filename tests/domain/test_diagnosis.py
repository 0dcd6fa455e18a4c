"""What no history may bring a weakness report to say."""

from __future__ import annotations

import math
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.attempt import Attempt, Mistake, Outcome
from maang_mcp.domain.diagnosis import FIRST_FINDINGS, trend_of, weakness_report
from maang_mcp.domain.skills import Round
from maang_mcp.domain.standing import replay
from maang_mcp.domain.weakness import DimensionScore, Label, Trend, WeaknessKind

from .learners import after, graph, problem, skill

SKILLS = graph(
    skill("arrays", "linear"),
    skill("windows", "linear", prerequisites=("arrays",)),
    skill("trees", "graphs"),
    skill("bfs", "graphs", prerequisites=("trees",)),
    skill("heaps"),
    skill("never", "linear"),
)
PROBLEMS = (
    problem("one", "arrays"),
    problem("two", "windows", "arrays"),
    problem("three", "trees", "bfs"),
    problem("four", "heaps", "retired-skill"),
    problem("five"),
)
DIMENSIONS = ("communication", "testing")


@st.composite
def attempts(draw: st.DrawFn) -> list[tuple[Attempt, int]]:
    """Attempts in any order of time, each with the place of its problem."""
    told = []
    for n in range(draw(st.integers(0, 30))):
        place = draw(st.integers(0, len(PROBLEMS) - 1))
        outcome = draw(st.sampled_from(Outcome))
        failed = outcome is not Outcome.SOLVED
        attempt = Attempt(
            UUID(int=n),
            PROBLEMS[place].slug,
            draw(st.sampled_from(Round)),
            outcome,
            after(draw(st.floats(0, 400))),
            draw(st.none() | st.floats(1, 200)),
            mistakes=tuple(draw(st.lists(st.sampled_from(Mistake), max_size=3))),
            culprit_skill=draw(st.sampled_from(["heaps", "bfs", None])) if failed else None,
        )
        told.append((attempt, place))
    return told


SCORES = st.lists(
    st.builds(
        lambda round, dimension, score, day: DimensionScore(
            round, dimension, score, after(day), UUID(int=900 + int(day)), "one"
        ),
        st.sampled_from([Round.CODING, Round.SYSTEM_DESIGN]),
        st.sampled_from(DIMENSIONS),
        st.integers(1, 4),
        st.floats(0, 400),
    ),
    max_size=8,
)


@given(attempts(), SCORES, st.floats(-1_000, 10_000))
def test_nothing_untested_is_weak_and_no_number_stands_without_n(
    told: list[tuple[Attempt, int]], scores: list[DimensionScore], read: float
) -> None:
    consequences = replay((attempt, PROBLEMS[place]) for attempt, place in told)
    evidence = [consequence.evidence for consequence in consequences]
    tested = {name for one in consequences for name in one.observation.skill_changes}
    state = consequences[-1].standing.learner if consequences else None
    if state is None:
        return
    found = weakness_report(state, SKILLS, evidence, after(read), scores=scores)
    assert set(found.untested) == set(SKILLS) - tested
    assert found.enough_evidence == (len(told) >= FIRST_FINDINGS)
    if not found.enough_evidence:
        assert (found.weaknesses, found.strengths) == ((), ())
    ids = {attempt.id for attempt, _ in told}
    for weakness in found.weaknesses:
        assert weakness.n >= 1
        assert math.isfinite(weakness.severity)
        assert 0 <= weakness.severity <= 10
        assert 0 <= weakness.confidence <= 1
        assert weakness.label is Label.WATCH or weakness.n >= 3
        match weakness.kind:
            case WeaknessKind.SKILL:
                assert weakness.name in tested & set(SKILLS)
            case WeaknessKind.PATTERN:
                tried = [SKILLS[name] for name in tested & set(SKILLS)]
                assert sum(one.family == weakness.name for one in tried) > 1
            case WeaknessKind.DIMENSION:
                assert weakness.n == sum(
                    f"{s.round}: {s.dimension}" == weakness.name for s in scores
                )
        for cited in weakness.evidence:
            assert cited.attempt_id in ids or cited.interview_id is not None
            assert cited.attempt_id is None or cited.expected is not None
    for strength in found.strengths:
        assert strength.skill in tested
        assert strength.n >= 3
        assert 0 < strength.expected < 1


@pytest.mark.parametrize(
    ("moved", "variance", "trend"),
    [
        (0.5, 0.1, Trend.IMPROVING),
        (-0.5, 0.1, Trend.DECLINING),
        (0.5, 1.0, Trend.STEADY),
        (0.0, 0.001, Trend.STEADY),
    ],
)
def test_a_move_is_a_trend_when_it_is_larger_than_its_doubt(
    moved: float, variance: float, trend: Trend
) -> None:
    assert trend_of(moved, variance) is trend
