from dataclasses import replace
from itertools import product

import pytest

from maang_mcp.content.rounds import round_spec, rounds, rubric
from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.interview import LONGEST, LONGEST_SILENCE
from maang_mcp.domain.level import Level
from maang_mcp.domain.rubric import CeilingRule, Rubric, Score, Signal, Signals, apply_ceilings
from maang_mcp.domain.skills import Round
from maang_mcp.domain.verdict import Label, verdict

CODING = rubric(Round.CODING)


def test_a_coding_round_goes_from_clarifying_to_follow_ups() -> None:
    assert round_spec(Round.CODING).names == (
        "clarify",
        "approach",
        "code",
        "test",
        "optimise",
        "follow_ups",
    )


def test_a_coding_round_is_judged_on_four_dimensions() -> None:
    assert CODING.names == (
        "communication",
        "problem_solving",
        "technical_competency",
        "testing",
    )
    assert [item.name for item in CODING.dimensions if item.core] == [
        "problem_solving",
        "technical_competency",
    ]


def test_a_round_without_a_file_is_refused_with_those_there_are() -> None:
    for ask in (round_spec, rubric):
        with pytest.raises(InvalidInput, match="no mock interview for behavioral") as refusal:
            ask(Round.BEHAVIORAL)
        assert "coding" in refusal.value.explain()


@pytest.mark.parametrize("round", list(rounds()))
def test_every_phase_tells_the_interviewer_what_to_do_and_not_to_say(round: Round) -> None:
    for phase in round_spec(round).phases:
        assert phase.interviewer_does
        assert phase.must_not_say
        assert phase.exit_when


@pytest.mark.parametrize("round", list(rounds()))
def test_every_cell_of_a_rubric_has_words_of_its_own(round: Round) -> None:
    cells = [
        item.anchor(level, score)
        for item, level, score in product(rubric(round).dimensions, Level, range(1, 5))
    ]
    assert len(set(cells)) == len(cells)
    assert all(20 <= len(cell) <= 160 for cell in cells)


@pytest.mark.parametrize("round", list(rounds()))
def test_no_phase_is_longer_than_the_silence_that_counts(round: Round) -> None:
    longest = max(phase.share_of_time for phase in round_spec(round).phases)
    assert longest * LONGEST <= LONGEST_SILENCE.total_seconds() / 60


@pytest.mark.parametrize(
    "signals", [Signals(tests_failed=1), Signals(hints_given=3), Signals(hints_given=4)]
)
def test_neither_failed_tests_nor_the_insight_as_a_hint_make_a_hire(signals: Signals) -> None:
    best = [Score(name, 4, ("I tested it",)) for name in CODING.names]
    found = verdict(apply_ceilings(best, signals, CODING), Level.MID, CODING)
    assert found.label is Label.LEANING_NO_HIRE


def test_every_signal_of_the_server_has_a_consequence() -> None:
    assert {rule.signal for rule in CODING.ceilings} == set(Signal)


@pytest.mark.parametrize(
    "flawed",
    [
        CeilingRule(Signal.OVER_TIME, 1, "charm", 3, "late"),
        CeilingRule(Signal.OVER_TIME, 1, "testing", 4, "late"),
        CeilingRule(Signal.OVER_TIME, 1, "testing", 0, "late"),
    ],
)
def test_a_ceiling_that_limits_nothing_is_refused(flawed: CeilingRule) -> None:
    with pytest.raises(ValueError, match="late"):
        replace(CODING, ceilings=(flawed,))


def test_a_rubric_is_anchored_at_every_level_and_names_differ() -> None:
    first = CODING.dimensions[0]
    anchors = dict(first.anchors)
    del anchors[Level.STAFF]
    with pytest.raises(ValueError, match="every level"):
        Rubric(Round.CODING, (replace(first, anchors=anchors),), ())
    with pytest.raises(ValueError, match="names that differ"):
        Rubric(Round.CODING, (first, first), ())
