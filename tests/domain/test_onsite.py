from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.level import Level
from maang_mcp.domain.onsite import OPEN_FOR, Loop, RoundResult, packet
from maang_mcp.domain.skills import Round
from maang_mcp.domain.verdict import Label

from .interviews import START

SCALE = tuple(Label)
STRONG, HIRE, DOUBT, NO = SCALE
DAY = (Round.CODING, Round.CODING, Round.SYSTEM_DESIGN, Round.BEHAVIORAL)


def day(*labels: Label | None, rounds: tuple[Round, ...] = DAY) -> list[RoundResult]:
    return [
        RoundResult(position, round, label)
        for position, (round, label) in enumerate(zip(rounds, labels, strict=False), start=1)
    ]


def verdict(*labels: Label | None, level: Level = Level.MID) -> Label | None:
    found = packet(day(*labels), level)
    return found.label if found else None


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ((STRONG, STRONG, HIRE, HIRE), STRONG),
        ((STRONG, HIRE, HIRE, HIRE), HIRE),
        ((HIRE, HIRE, HIRE, HIRE), HIRE),
        ((STRONG, DOUBT, HIRE, HIRE), HIRE),
        ((HIRE, DOUBT, HIRE, HIRE), DOUBT),
        ((STRONG, DOUBT, DOUBT, STRONG), DOUBT),
        ((STRONG, NO, STRONG, STRONG), DOUBT),
        ((HIRE, DOUBT, DOUBT, DOUBT), NO),
        ((NO, NO, NO, NO), NO),
    ],
)
def test_a_loop_is_judged_as_a_whole(labels: tuple[Label, ...], expected: Label) -> None:
    assert verdict(*labels) is expected


def test_from_senior_on_the_design_round_cannot_be_made_up_for() -> None:
    assert verdict(STRONG, STRONG, DOUBT, STRONG, level=Level.MID) is HIRE
    assert verdict(STRONG, STRONG, DOUBT, STRONG, level=Level.SENIOR) is DOUBT
    assert verdict(DOUBT, STRONG, STRONG, STRONG, level=Level.STAFF) is HIRE


def test_a_loop_with_an_open_round_has_no_verdict() -> None:
    assert verdict(STRONG, STRONG, STRONG, None) is None
    assert packet([], Level.MID) is None


@given(
    st.lists(st.tuples(st.sampled_from(Round), st.sampled_from(Label)), min_size=1, max_size=6),
    st.sampled_from(Level),
    st.data(),
)
def test_a_better_round_never_lowers_the_packet(
    rounds: list[tuple[Round, Label]], level: Level, data: st.DataObject
) -> None:
    names = tuple(round for round, _ in rounds)
    labels = [label for _, label in rounds]
    index = data.draw(st.integers(0, len(labels) - 1))
    better = list(labels)
    better[index] = SCALE[max(SCALE.index(labels[index]) - 1, 0)]
    before = packet(day(*labels, rounds=names), level)
    after = packet(day(*better, rounds=names), level)
    assert before is not None
    assert after is not None
    assert SCALE.index(after.label) <= SCALE.index(before.label)
    assert before.decided_by


def loop(**changes: object) -> Loop:
    return Loop(
        **{
            "id": UUID(int=1),
            "company": "Google",
            "level": Level.SENIOR,
            "minutes": 45,
            "rounds": DAY,
            "started_at": START,
            **changes,
        }  # type: ignore[arg-type]  # fields by name
    )


def test_the_next_round_is_the_first_without_a_verdict() -> None:
    assert loop().next_position((), START) == 1
    assert loop().next_position((1, 2), START) == 3
    assert loop().next_position((1, 3), START) == 2
    assert loop().next_position((1, 2, 3, 4), START) is None


def test_a_loop_given_up_or_of_another_day_has_no_next_round() -> None:
    assert loop(abandoned=True).next_position((), START) is None
    assert loop().next_position((), START + OPEN_FOR) == 1
    assert loop().next_position((), START + OPEN_FOR + timedelta(seconds=1)) is None
