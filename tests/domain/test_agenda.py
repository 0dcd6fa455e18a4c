import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.agenda import MOST_PARTS, PhaseSpec, RoundSpec
from maang_mcp.domain.skills import Round


def stories(minutes_per_question: int | None = 15) -> RoundSpec:
    return RoundSpec(
        Round.BEHAVIORAL,
        tuple(
            PhaseSpec(name, share, ("ask",), ("praise",), ("done",))
            for name, share in (("question", 0.35), ("probes", 0.5), ("reflection", 0.15))
        ),
        hints=0,
        minutes_per_question=minutes_per_question,
    )


@given(st.integers(15, 60), st.integers(5, 60))
def test_a_longer_round_asks_more_questions_in_the_same_time(minutes: int, each: int) -> None:
    spec = stories(each).for_length(minutes)
    parts = spec.phases[-1].part
    assert 1 <= parts <= MOST_PARTS
    assert len(spec.phases) == 3 * parts
    assert sum(phase.share_of_time for phase in spec.phases) == pytest.approx(1)
    assert [phase.kind for phase in spec.phases] == ["question", "probes", "reflection"] * parts
    assert len(set(spec.names)) == len(spec.names)
    assert spec.hints == 0


def test_the_phases_of_the_second_question_are_named_after_the_first() -> None:
    spec = stories().for_length(30)
    assert spec.names[3:] == ("question_2", "probes_2", "reflection_2")
    assert spec.phase_after("reflection", None) == "question_2"


def test_a_round_about_one_question_stays_as_it_is() -> None:
    spec = stories(None)
    assert spec.for_length(60) is spec
