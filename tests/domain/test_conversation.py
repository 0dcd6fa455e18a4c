"""Transcripts told again: nothing twice, nothing lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.conversation import Said, already_there
from tests.factories import NOW


def _said(words: str) -> list[Said]:
    return [Said("Ada", word) for word in words.split()]


def _there(stored: str, told: str) -> int:
    known = _said(stored)
    return already_there(dict(enumerate(known)), len(known), _said(told))


@pytest.mark.parametrize(
    ("stored", "told", "there"),
    [
        ("", "a b", 0),
        ("a b", "c d", 0),
        ("a b c", "a b c", 3),
        ("a b c", "a b c d e", 3),
        ("a b c", "b c d", 2),
        ("a b c", "c", 1),
        ("a b c", "a b", 2),
        ("a b c d", "b c", 2),
        ("a yes c", "yes", 0),
        ("a b", "b a", 1),
        ("a a", "a a a", 2),
    ],
)
def test_what_is_there_is_told_from_what_is_new(stored: str, told: str, there: int) -> None:
    assert _there(stored, told) == there


def test_a_turn_of_another_moment_or_speaker_is_another() -> None:
    known = {0: Said("Ada", "yes", NOW)}
    assert already_there(known, 1, [Said("Ada", "yes", NOW)]) == 1
    assert already_there(known, 1, [Said("Ada", "yes")]) == 1
    assert already_there(known, 1, [Said("Ada", "yes", NOW + timedelta(minutes=1))]) == 0
    assert already_there(known, 1, [Said("Bob", "yes")]) == 0


def test_what_was_erased_in_between_stays_erased() -> None:
    first, _, last = _said("a b c")
    assert already_there({0: first, 2: last}, 3, _said("a b c")) == 3
    assert already_there({}, 0, _said("a b c")) == 0


@given(st.lists(st.sampled_from("ab"), max_size=8), st.lists(st.sampled_from("ab"), max_size=8))
def test_a_conversation_told_whole_at_every_turn_ends_up_on_record_once(
    first: list[str], more: list[str]
) -> None:
    record: list[Said] = []
    for told in (first, first + more, first + more):
        turns = [Said(None, word) for word in told]
        record += turns[already_there(dict(enumerate(record)), len(record), turns) :]
    assert [turn.text for turn in record] == first + more
