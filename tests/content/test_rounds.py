from dataclasses import replace
from itertools import product

import pytest

from maang_mcp.content.rounds import round_spec, rounds, rubric
from maang_mcp.domain.interview import LONGEST, LONGEST_SILENCE
from maang_mcp.domain.level import Level
from maang_mcp.domain.rubric import CeilingRule, Rubric, Score, Signal, Signals, apply_ceilings
from maang_mcp.domain.skills import Round
from maang_mcp.domain.substance import substance
from maang_mcp.domain.verdict import Label, verdict

CODING = rubric(Round.CODING)
NO_HIRE = {Label.LEANING_NO_HIRE, Label.STRONG_NO_HIRE}
LITTLE_SAID = "I would count them with a table and then return the one that is there most often."
TERMS = "heap queue cache sharding replication throughput latency " * 12


def test_a_coding_round_goes_from_clarifying_to_follow_ups() -> None:
    assert round_spec(Round.CODING, 45).names == (
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


def test_every_round_can_be_interviewed() -> None:
    assert set(rounds()) == set(Round)


@pytest.mark.parametrize("round", list(rounds()))
def test_every_phase_tells_the_interviewer_what_to_do_and_not_to_say(round: Round) -> None:
    for phase in round_spec(round, 45).phases:
        assert phase.interviewer_does
        assert phase.must_not_say
        assert phase.exit_when


def test_an_interviewer_is_told_to_run_the_code_where_it_is_tested() -> None:
    for round, names in ((Round.CODING, {"code", "test"}), (Round.AI_ASSISTED, {"verify"})):
        told = {
            phase.name
            for phase in round_spec(round, 45).phases
            for sentence in phase.interviewer_does
            if "check_solution" in sentence and "unchanged" in sentence and "scoring" in sentence
        }
        assert told == names


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
    longest = max(phase.share_of_time for phase in round_spec(round, 45).phases)
    assert longest * LONGEST <= LONGEST_SILENCE.total_seconds() / 60


@pytest.mark.parametrize(
    "signals", [Signals(tests_failed=1), Signals(hints_given=3), Signals(hints_given=4)]
)
def test_neither_failed_tests_nor_the_insight_as_a_hint_make_a_hire(signals: Signals) -> None:
    best = [Score(name, 4, ("I tested it",)) for name in CODING.names]
    found = verdict(apply_ceilings(best, signals, CODING), Level.MID, CODING)
    assert found.label is Label.LEANING_NO_HIRE


def test_every_signal_of_the_server_has_a_consequence() -> None:
    ruled = {rule.signal for round in rounds() for rule in rubric(round).ceilings}
    assert ruled == set(Signal)


@pytest.mark.parametrize("round", list(Round))
def test_whoever_says_next_to_nothing_or_only_terms_cannot_pass(round: Round) -> None:
    standard = rubric(round)
    best = [Score(name, 4, ("I tested it",)) for name in standard.names]
    for said, most in ((["yes"], 1), ([LITTLE_SAID], 2), ([TERMS], 2)):
        finals = apply_ceilings(best, Signals(said=substance(said)), standard)
        assert {final.score for final in finals} <= set(range(1, most + 1))
        assert verdict(finals, Level.MID, standard).label in NO_HIRE


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
