"""Which of the ranked passages are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.errors import BudgetTooSmall
from maang_mcp.domain.memory import Ranked, ScoreParts
from maang_mcp.domain.selection import cost_of, diversify, pack

from .memories import candidate, direction, memory


def ranked(number: int, score: float, angle: float | None = None, content: str = "") -> Ranked:
    record = memory(number, content=content or f"What I learned, {number}.")
    embedding = None if angle is None else direction(angle)
    parts = ScoreParts(0.5, 0.0, score, 0.0, 0.0, 0.0, 0.0)
    return Ranked(candidate(record, embedding=embedding), parts)


def ids(entries: list[Ranked]) -> list[int]:
    return [entry.candidate.memory.id.int for entry in entries]


def test_of_near_duplicates_only_the_best_is_shown() -> None:
    entries = [ranked(1, 1.0, 0), ranked(2, 0.9, 5), ranked(3, 0.2, 80)]
    assert ids(diversify(entries, 3)) == [1, 3]


def test_the_same_words_are_shown_once_even_without_vectors() -> None:
    entries = [ranked(1, 1.0, content="same"), ranked(2, 0.9, content="same"), ranked(3, 0.1)]
    assert ids(diversify(entries, 3)) == [1, 3]


def test_variety_beats_a_slightly_better_repetition() -> None:
    entries = [ranked(1, 1.0, 0), ranked(2, 0.62, 20), ranked(3, 0.55, 85), ranked(4, 0.0, 40)]
    assert ids(diversify(entries, 2)) == [1, 3]
    assert ids(diversify(entries, 2, relevance=1.0)) == [1, 2]


def test_a_clearly_better_passage_stays_ahead_of_variety() -> None:
    entries = [ranked(1, 1.0, 0), ranked(2, 0.9, 20), ranked(3, 0.3, 85), ranked(4, 0.0, 40)]
    assert ids(diversify(entries, 3)) == [1, 2, 3]


def test_without_vectors_the_order_stays() -> None:
    assert ids(diversify([ranked(n, 1 - n / 10) for n in range(1, 6)], 4)) == [1, 2, 3, 4]


@given(st.lists(st.tuples(st.floats(0, 2), st.floats(0, 360)), max_size=60), st.integers(1, 12))
def test_a_longer_answer_begins_with_the_shorter_one(
    scored: list[tuple[float, float]], k: int
) -> None:
    entries = [ranked(n, *entry) for n, entry in enumerate(sorted(scored, reverse=True), 1)]
    shorter, longer = ids(diversify(entries, k)), ids(diversify(entries, k + 1))
    assert longer[: len(shorter)] == shorter
    assert len(shorter) <= k
    assert shorter[:1] == ids(entries)[:1]


def test_what_does_not_fit_is_skipped_for_what_does() -> None:
    entries = [ranked(1, 1.0), ranked(2, 0.9, content="x" * 4000), ranked(3, 0.8)]
    passages, left_out = pack(entries, 150)
    assert [passage.title for passage in passages] == ["Note 1", "Note 3"]
    assert left_out == 1


def test_a_budget_that_holds_nothing_is_refused_but_nothing_to_tell_is_not() -> None:
    with pytest.raises(BudgetTooSmall):
        pack([ranked(1, 1.0)], 40)
    assert pack([], 0) == ((), 0)


@given(st.lists(st.integers(1, 900), max_size=8), st.integers(300, 900))
def test_packing_never_exceeds_the_budget(lengths: list[int], budget: int) -> None:
    entries = [ranked(n, 1.0, content="é" * size) for n, size in enumerate(lengths, 1)]
    try:
        passages, left_out = pack(entries, budget)
    except BudgetTooSmall:
        assert all(size > 400 for size in lengths)
        return
    assert sum(map(cost_of, passages)) <= budget
    assert len(passages) + left_out == len(entries)


def test_cost_counts_bytes_not_characters() -> None:
    (ascii_only,), _ = pack([ranked(1, 1.0, content="e" * 400)], 1000)
    (accented,), _ = pack([ranked(1, 1.0, content="é" * 400)], 1000)
    assert cost_of(accented) - cost_of(ascii_only) == 100


def test_a_passage_about_a_problem_shows_the_records_opening() -> None:
    entry = Ranked(
        candidate(memory(1, content="Forgot the tail sentinel."), span=(0, 0)),
        ScoreParts(0.5, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0),
    )
    (passage,), _ = pack([entry], 500)
    assert passage.text == "Forgot the tail sentinel."
