"""Lessons that say the same are one; their opposites never are."""

from __future__ import annotations

import time

import pytest

from maang_mcp.domain.lesson import LEAST_COSINE, same_words, says_the_same

# Pairs and their cosines under all-MiniLM-L6-v2.
SAME = [
    (0.914, "Check the empty input first.", "Always check for empty input first."),
    (0.968, "Shrink the window before you grow it.", "Shrink the window before growing it."),
    (
        0.966,
        "I forget to skip duplicates after moving a pointer.",
        "I keep forgetting to skip duplicates after moving the pointers.",
    ),
    (
        0.936,
        "Ask about constraints before coding.",
        "Ask for the constraints before I start coding.",
    ),
    (
        0.899,
        "Mark nodes visited when they are pushed, not when popped.",
        "Mark a node as visited when pushing it, not when popping it.",
    ),
]
UNDECIDED = [
    (0.757, "Say the brute force first.", "State the brute force solution first."),
    (
        0.926,
        "Test with a small example before saying done.",
        "Before saying done, test with a small example.",
    ),
    (0.751, "Talk while coding.", "Keep talking while you code."),
    (
        0.975,
        "Draw the recursion tree for backtracking.",
        "For backtracking, draw the recursion tree.",
    ),
    (0.722, "State the complexity at the end.", "State time and space complexity at the end."),
]
DIFFERENT = [
    (0.946, "Shrink the window before you grow it.", "Grow the window before you shrink it."),
    (0.457, "Check the empty input first.", "Check for integer overflow first."),
    (
        0.591,
        "Ask about constraints before coding.",
        "Ask about the expected output before coding.",
    ),
    (0.971, "Use a min heap for the k largest.", "Use a max heap for the k smallest."),
    (0.867, "Use lo <= hi with mid +- 1.", "Use lo < hi with hi = mid."),
    (
        0.997,
        "Mark nodes visited when they are pushed, not when popped.",
        "Mark nodes visited when they are popped, not when pushed.",
    ),
    (0.546, "Say the brute force first.", "Say the complexity first."),
    (
        0.765,
        "BFS for shortest paths in unweighted graphs.",
        "Dijkstra for shortest paths in weighted graphs.",
    ),
    (0.850, "Sort by start to merge intervals.", "Sort by end to select most intervals."),
    (
        0.968,
        "I forget to skip duplicates after moving a pointer.",
        "I forget to move the pointer after skipping duplicates.",
    ),
    (0.846, "Talk while coding.", "Do not talk while coding."),
    (
        0.931,
        "Test with a small example before saying done.",
        "Test with a large example before saying done.",
    ),
    (0.809, "Memoise on the index and the remaining sum.", "Memoise on the index only."),
    (0.964, "Use lo < hi in the loop.", "Use lo <= hi in the loop."),
    (0.989, "Check the bounds before the loop.", "Check the bounds after the loop."),
    (0.928, "Trust the first idea you have.", "Don't trust the first idea you have."),
]
# One word or operator turns the lesson round, and the cosine may be anything up to 1.
TURNED = [
    ("Use recursion in deep trees.", "I should stop using recursion in deep trees."),
    ("I overuse hash maps.", "I rarely overuse hash maps."),
    ("Ask for constraints.", "Skip asking for constraints."),
    ("A linear scan is fast.", "A linear scan is hardly fast."),
    ("My dry runs work.", "My dry runs fail to work."),
    ("Move right to n.", "Move right to n - 1."),
    ("Move right to n.", "Move right to -n."),
    ("Count with a[i] += 1.", "Count with a[i] -= 1."),
    ("Loop while i*i <= n.", "Loop while i+i <= n."),
    ("Move right to n - 1, left to m.", "Move right to n, left to m - 1."),
    ("Search in [lo, hi).", "Search in [lo, hi]."),
    ("Take a[:k] first.", "Take a[k:] first."),
    ("Return !seen.", "Return seen."),
    ("The input is sorted.", "The input is unsorted."),
    ("Do not use BFS.", "Do not always use BFS."),
    ("Advance i past the duplicates.", "Advance past the duplicates."),
    ("Keep the heap small.", "Make the heap small."),
    ("Sort the ends up.", "Sort the ends down."),
]
FILLED = [
    ("Check the bounds.", "Please always check the bounds."),
    ("Sort first.", "I should really sort first!"),
    ("Say the complexity.", "Remember to say the complexity"),
    ("Don't guess.", "Don\u2019t guess."),
    ("Off-by-one: check it.", "off by one, check it"),
]


@pytest.mark.parametrize(("cosine", "one", "other"), SAME)
def test_a_lesson_told_again_is_the_same_lesson(cosine: float, one: str, other: str) -> None:
    assert says_the_same(one, other, cosine)
    assert says_the_same(other, one, cosine)
    assert not says_the_same(one, other, LEAST_COSINE - 0.01)


@pytest.mark.parametrize(("cosine", "one", "other"), [*UNDECIDED, *DIFFERENT])
def test_a_lesson_that_may_be_another_is_kept_apart(cosine: float, one: str, other: str) -> None:
    assert not says_the_same(one, other, cosine)
    assert not says_the_same(other, one, cosine)
    assert not same_words(one, other)


@pytest.mark.parametrize(("one", "other"), TURNED)
def test_one_word_or_operator_more_makes_another_lesson(one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        assert not says_the_same(first, second, 1.0)
        assert not same_words(first, second)


@pytest.mark.parametrize(("one", "other"), FILLED)
def test_fillers_alone_make_no_other_lesson(one: str, other: str) -> None:
    assert says_the_same(one, other, LEAST_COSINE)
    assert says_the_same(other, one, LEAST_COSINE)


@pytest.mark.parametrize("piece", ["I keep ", "a[i] += 1 ", "n't ", "don't", "remember ", "x", " "])
def test_long_lessons_are_compared_in_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    before = time.perf_counter()
    says_the_same(text, f"{text}x", 1.0)
    same_words(text, f"{text}x")
    assert time.perf_counter() - before < 10.0  # quadratic patterns take minutes here


def test_case_and_punctuation_tell_no_two_lessons_apart() -> None:
    assert same_words("Off-by-one, again!", "off by one again")
    assert not same_words("Use C", "Use C++")
    assert not same_words("!", "?")
