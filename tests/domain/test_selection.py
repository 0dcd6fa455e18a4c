"""Which of the ranked passages are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.errors import BudgetTooSmall
from maang_mcp.domain.memory import MemoryKind, Ranked, ScoreParts
from maang_mcp.domain.selection import (
    EVENTS,
    OPENING,
    cost_of,
    diversify,
    pack,
    repetitions,
)

from .memories import candidate, direction, memory, turn


def ranked(
    number: int, score: float, angle: float | None = None, content: str = "", **fields: object
) -> Ranked:
    titled = {"content": content, "title": "Note"} if content else {}
    record = memory(number, **titled | fields)
    embedding = None if angle is None else direction(angle)
    parts = ScoreParts(0.5, 0.0, score, 0.0, 0.0, 0.0, 0.0)
    return Ranked(candidate(record, embedding=embedding), parts)


def ids(entries: list[Ranked]) -> list[int]:
    return [entry.candidate.memory.id.int for entry in entries]


def test_of_two_that_say_the_same_only_the_best_is_shown() -> None:
    entries = [
        ranked(1, 1.0, 0, "Shrink the window, then grow it."),
        ranked(2, 0.9, 5, "shrink the window then grow it"),
        ranked(3, 0.2, 80),
    ]
    assert ids(diversify(entries, 3)) == [1, 3]


def test_the_same_words_are_shown_once_even_without_vectors() -> None:
    entries = [ranked(1, 1.0, content="same"), ranked(2, 0.9, content="same"), ranked(3, 0.1)]
    assert ids(diversify(entries, 3)) == [1, 3]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Use BFS for shortest paths in unweighted graphs, not DFS.",
            "Use DFS for shortest paths in unweighted graphs, not BFS.",
        ),
        (
            "Mark nodes visited when they are pushed, not when popped.",
            "Mark nodes visited when they are popped, not when pushed.",
        ),
        ("Use lo < hi in the loop.", "Use lo <= hi in the loop."),
        ("Check the bounds before the loop.", "Check the bounds after the loop."),
        ("Talk while coding.", "Do not talk while coding."),
        ("Solved it in 12 minutes.", "Solved it in 55 minutes."),
    ],
)
def test_opposites_are_both_shown_however_near_they_are(one: str, other: str) -> None:
    entries = [ranked(1, 1.0, 0, one), ranked(2, 0.9, 0, other), ranked(3, 0.2, 80)]
    assert set(ids(diversify(entries, 3))) == {1, 2, 3}


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_what_happened_again_is_shown_again_in_the_same_words(kind: MemoryKind) -> None:
    entries = [
        ranked(n, 1 - n / 10, 0, "3Sum: failed, duplicates.", kind=kind) for n in range(1, 5)
    ]
    assert ids(diversify(entries, 10)) == [1, 2, 3, 4]


def test_the_same_words_about_something_else_are_no_repetition() -> None:
    entries = [
        ranked(1, 1.0, 0, "Use a heap.", problem="kth-largest"),
        ranked(2, 0.9, 0, "Use a heap.", problem="merge-k-sorted-lists"),
        ranked(3, 0.8, 0, "Use a heap.", title="Meeting rooms"),
        ranked(4, 0.7, 0, "Use a heap.", problem="kth-largest"),
    ]
    assert ids(diversify(entries, 4)) == [1, 2, 3]


def test_how_many_more_say_the_same_is_counted() -> None:
    entries = [
        ranked(1, 1.0, 0, "Use a heap."),
        ranked(2, 0.9, 0, "use a heap"),
        ranked(3, 0.8, 0, "Use a heap"),
        ranked(4, 0.7, 0, "Use a stack."),
        ranked(5, 0.6, 0, "Use a heap.", kind=MemoryKind.ATTEMPT),
        ranked(6, 0.5, content="Use <="),
        ranked(7, 0.4, content="Use <"),
    ]
    candidates = [entry.candidate for entry in entries]
    chosen = diversify(entries, 1)
    passages, _ = pack(chosen, 500)
    assert ids(chosen) == [1]
    assert repetitions(passages, candidates) == 2
    assert repetitions(passages, candidates[:1]) == 0
    assert repetitions((), candidates) == 0
    assert repetitions(pack(entries[5:6], 500)[0], candidates) == 0


def test_variety_beats_a_slightly_better_repetition() -> None:
    entries = [ranked(1, 1.0, 0), ranked(2, 0.62, 20), ranked(3, 0.55, 85), ranked(4, 0.0, 40)]
    assert ids(diversify(entries, 2)) == [1, 3]
    assert ids(diversify(entries, 2, relevance=1.0)) == [1, 2]


def test_a_clearly_better_passage_stays_ahead_of_variety() -> None:
    entries = [ranked(1, 1.0, 0), ranked(2, 0.9, 20), ranked(3, 0.3, 85), ranked(4, 0.0, 40)]
    assert ids(diversify(entries, 3)) == [1, 2, 3]


def test_beyond_ten_another_conversation_is_heard_first() -> None:
    def said(number: int, conversation: str, score: float) -> Ranked:
        record = turn(number, conversation, content=f"Said {number}.")
        return Ranked(candidate(record), ScoreParts(0.5, 0.0, score, 0.0, 0.0, 0.0, 0.0))

    one = [said(n, "one", 1 - n / 100) for n in range(1, 14)]
    entries = [*one, said(20, "two", 0.8), said(21, "two", 0.79), ranked(30, 0.0)]
    assert ids(diversify(entries, 13)) == [*range(1, 11), 20, 11, 12]
    assert ids(diversify(entries, 10)) == [*range(1, 11)]


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


def test_where_not_all_fit_the_longest_are_cut_and_nothing_is_lost() -> None:
    entries = [ranked(1, 1.0, content="word " * 300), ranked(2, 0.9), ranked(3, 0.8)]
    passages, left_out = pack(entries, 300)
    assert left_out == 0
    assert [cost_of(passage) for passage in passages[1:]] == [
        cost_of(passage) for passage in pack(entries[1:], 300)[0]
    ]
    assert passages[0].text.endswith("word ...")
    assert 290 <= sum(map(cost_of, passages)) <= 300


def test_what_fits_is_not_cut() -> None:
    (passage,), _ = pack([ranked(1, 1.0, content="word " * 200)], 310)
    assert passage.text == ("word " * 200).strip()


def test_a_passage_is_never_cut_to_less_than_can_be_read() -> None:
    entries = [ranked(n, 1.0, content="word " * 300) for n in range(1, 5)]
    passages, left_out = pack(entries, 250)
    assert [cost_of(passage) > 100 for passage in passages] == [True, True]
    assert left_out == 2


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


def test_a_long_record_found_by_its_problem_shows_whole_words_of_its_opening() -> None:
    about = candidate(memory(1, content="sentinel " * 300), span=(0, 0))
    entry = Ranked(about, ScoreParts(0.5, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0))
    (passage,), _ = pack([entry], 500)
    assert len(passage.text) <= OPENING
    assert set(passage.text.split()) == {"sentinel"}


def test_a_passage_about_a_problem_shows_the_records_opening() -> None:
    entry = Ranked(
        candidate(memory(1, content="Forgot the tail sentinel."), span=(0, 0)),
        ScoreParts(0.5, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0),
    )
    (passage,), _ = pack([entry], 500)
    assert passage.text == "Forgot the tail sentinel."
