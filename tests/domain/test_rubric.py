from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.rubric import Score, Signals, apply_ceilings, ceilings, hint_cost

from .rubrics import RUBRIC, scored


@pytest.mark.parametrize("score", [0, 5, -1, 2.5])
def test_scores_are_whole_numbers_from_1_to_4(score: int) -> None:
    with pytest.raises(InvalidInput, match="testing"):
        Score("testing", score, ("a quote of some length",))


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        (Signals(), {}),
        (Signals(tested=True, tests_failed=0, minutes=44.0), {}),
        (Signals(hints_given=1), {"problem_solving": 3}),
        (Signals(hints_given=2), {"problem_solving": 3}),
        (Signals(hints_given=3), {"problem_solving": 2}),
        (Signals(hints_given=4), {"problem_solving": 2, "technical_competency": 3}),
        (Signals(tests_failed=3), {"technical_competency": 2}),
        (Signals(tested=False), {"testing": 2}),
        (Signals(over_time=True), {"problem_solving": 3, "technical_competency": 3}),
        (Signals(hints_given=4, tests_failed=1), {"problem_solving": 2, "technical_competency": 2}),
    ],
)
def test_what_the_server_saw_limits_what_can_be_scored(
    signals: Signals, expected: Mapping[str, int]
) -> None:
    found = ceilings(signals, RUBRIC)
    assert {name: ceiling.highest for name, ceiling in found.items()} == expected
    assert all(ceiling.reason for ceiling in found.values())


def test_of_two_ceilings_the_stricter_one_counts_with_its_reason() -> None:
    found = ceilings(Signals(over_time=True, tests_failed=2), RUBRIC)
    assert found["technical_competency"] == (2, "the code failed tests")


def test_a_lowered_score_shows_what_was_given_and_why() -> None:
    finals = apply_ceilings(scored(4, 4, 4, 4), Signals(hints_given=3), RUBRIC)
    solving = finals[1]
    assert (solving.dimension, solving.given, solving.score) == ("problem_solving", 4, 2)
    assert solving.ceiling == "the key insight was given as a hint"
    assert solving.evidence == ("I would use a heap here",)


def test_a_score_under_its_ceiling_stays_as_it_was_given() -> None:
    finals = apply_ceilings(scored(4, 2, 1, 2), Signals(hints_given=4, tested=False), RUBRIC)
    assert [final.score for final in finals] == [4, 2, 1, 2]
    assert all(final.ceiling is None for final in finals)


def test_scores_come_back_in_the_order_of_the_rubric() -> None:
    finals = apply_ceilings(scored(1, 2, 3, 4)[::-1], Signals(), RUBRIC)
    assert tuple(final.dimension for final in finals) == RUBRIC.names


@pytest.mark.parametrize(
    "scores",
    [
        [],
        scored(3, 3, 3, 3)[:3],
        [*scored(3, 3, 3, 3), Score("charm", 4, ("such a nice person",))],
        [*scored(3, 3, 3, 3), Score("testing", 4, ("I tested it twice",))],
        [*scored(3, 3, 3, 3)[:3], Score("charm", 4, ("such a nice person",))],
    ],
)
def test_each_dimension_is_scored_once_and_no_other(scores: list[Score]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        apply_ceilings(scores, Signals(), RUBRIC)
    assert "communication, problem_solving, technical_competency, testing" in (
        refusal.value.explain()
    )


def test_which_dimensions_are_missing_unknown_or_doubled_is_told() -> None:
    given = [*scored(3, 3, 3, 3)[1:], Score("charm", 4, ("such a nice person",))]
    with pytest.raises(InvalidInput, match="missing: communication; unknown: 'charm'") as refusal:
        apply_ceilings([*given, given[0]], Signals(), RUBRIC)
    assert "scored twice: problem_solving" in refusal.value.message


def test_each_hint_says_what_it_costs() -> None:
    assert [hint_cost(level, RUBRIC) for level in (1, 2, 3, 4)] == [
        "From here on problem_solving can score 3 at most.",
        "From here on a solution counts as solved with hints.",
        "From here on problem_solving can score 2 at most.",
        "From here on technical_competency can score 3 at most.",
    ]


@given(
    st.lists(st.integers(1, 4), min_size=4, max_size=4),
    st.builds(
        Signals,
        hints_given=st.integers(0, 4),
        tests_failed=st.none() | st.integers(0, 9),
        over_time=st.booleans(),
        tested=st.none() | st.booleans(),
    ),
)
def test_ceilings_only_ever_lower_and_say_why(given_scores: list[int], signals: Signals) -> None:
    finals = apply_ceilings(scored(*given_scores), signals, RUBRIC)
    limits = ceilings(signals, RUBRIC)
    for final, score in zip(finals, given_scores, strict=True):
        limit = limits[final.dimension].highest if final.dimension in limits else 4
        assert final.given == score
        assert final.score == min(score, limit)
        assert (final.ceiling is not None) == (final.score < score)
