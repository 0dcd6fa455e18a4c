"""What a conversation's form says about where an answer stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.dialogue import DialogueWeights, Turn, asking, is_meant, surroundings, voices

WEIGHTS = DialogueWeights(neighbour=0.1, reply=0.25, conversation=0.4, speaker=0.2)


def turn(position: int, score: float = 0.5, text: str = "I did.", **fields: str) -> Turn:
    values = {"conversation": "mock", "speaker": "Ann", **fields}
    return Turn(values["conversation"], position, values["speaker"], text, score)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Why a heap?", 1.0),
        ("A heap keeps the smallest on top.", 0.0),
        ("Nice. Why?", 0.5),
        ("\u306a\u305c\uff1f", 1.0),
        ("", 0.0),
        ("?!", 0.0),
    ],
)
def test_a_text_asks_as_far_as_its_sentences_do(text: str, share: float) -> None:
    assert asking(text) == pytest.approx(share, abs=0.01)


@given(st.text(max_size=300))
def test_any_text_asks_between_nothing_and_all(text: str) -> None:
    assert 0.0 <= asking(text) <= 1.0


@pytest.mark.parametrize(
    ("query", "speaker", "meant"),
    [
        ("What did Ann's brother build?", "Ann", True),
        ("what did ann say", "Ann Lee", True),
        ("What did Anna say?", "Ann", False),
        ("what did the interviewer ask about caching", "Interviewer", True),
        ("which job did I take", "user", True),
        ("which job did I take", "assistant", False),
        ("what did you recommend", "assistant", True),
        ("what did you recommend to me", "assistant", False),
        ("what did you recommend to me", "user", False),
        ("what did I say", "I", False),
        ("anything", None, False),
    ],
)
def test_a_query_means_whom_it_names(query: str, speaker: str | None, meant: bool) -> None:
    assert is_meant(speaker, voices(query)) is meant


def test_a_question_hands_part_of_its_score_to_its_reply() -> None:
    asked, replied, apart = surroundings(
        [turn(1, 0.8, "Which one?"), turn(2, 0.4), turn(9, 0.4)], "", WEIGHTS
    )
    assert asked.neighbour == pytest.approx(0.1 * 0.4 - 0.25 * 0.8)
    assert replied.neighbour == pytest.approx(0.1 * 0.8 + 0.25 * 0.8)
    assert apart.neighbour == 0.0


def test_turns_are_drawn_to_the_best_of_their_own_conversation() -> None:
    best, weak, elsewhere = surroundings(
        [turn(1, 1.0), turn(5, 0.5), turn(1, 0.5, conversation="other")], "", WEIGHTS
    )
    assert best.conversation == elsewhere.conversation == 0.0
    assert weak.conversation == pytest.approx(0.4 * 0.5)


def test_who_is_named_gains_without_drawing_the_others_along() -> None:
    named, other = surroundings([turn(1), turn(3, speaker="Bob")], "What did Ann do?", WEIGHTS)
    assert named.conversation == pytest.approx(0.2)
    assert other.conversation == 0.0


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(0, 2.5)), max_size=12), st.text(max_size=40))
def test_every_turn_gets_its_surroundings(scored: list[tuple[int, float]], query: str) -> None:
    turns = [turn(position, score) for position, score in scored]
    gained = surroundings(turns, query, WEIGHTS)
    assert len(gained) == len(turns)
    assert surroundings(turns, query, DialogueWeights(0, 0, 0, 0)) == [
        type(one)(0.0, 0.0) for one in gained
    ]
