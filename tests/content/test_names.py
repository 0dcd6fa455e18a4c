"""What candidates type: short, half remembered, copied from a page, or only a number."""

from __future__ import annotations

import pytest

from maang_mcp.content.loader import catalogue
from maang_mcp.domain.skills import Round


def found(text: str, round: Round | None = None) -> str | None:
    match = catalogue().resolve(text, round=round)
    return match.slug if match else None


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("lru", "lru-cache"),
        ("lfu", "lfu-cache"),
        ("koko", "koko-eating-bananas"),
        ("koko bananas", "koko-eating-bananas"),
        ("house robber 2", "house-robber-ii"),
        ("houserobber iv", "house-robber-iv"),
        ("serialize tree", "serialize-and-deserialize-binary-tree"),
        ("serialize and deserialize", "serialize-and-deserialize-binary-tree"),
        ("word search ii", "word-search-ii"),
        ("median of two sorted arrays", "median-of-two-sorted-arrays"),
        ("median of 2 sorted arrays", "median-of-two-sorted-arrays"),
        ("longest substring w/o repeating", "longest-substring-without-repeating-characters"),
        ("product except self", "product-of-array-except-self"),
        ("min window substring", "minimum-window-substring"),
        ("trap rain water", "trapping-rain-water"),
        ("buy and sell stock 2", "best-time-to-buy-and-sell-stock-ii"),
        ("valid parens", "valid-parentheses"),
        ("generate parenthesis", "generate-parentheses"),
        ("daily temps", "daily-temperatures"),
        ("largest rectangle", "largest-rectangle-in-histogram"),
        ("set matrix zeros", "set-matrix-zeroes"),
        ("merge k lists", "merge-k-sorted-lists"),
        ("reverse ll", "reverse-linked-list"),
        ("lca", "lowest-common-ancestor-of-a-binary-tree"),
        ("lca bst", "lowest-common-ancestor-of-a-binary-search-tree"),
        ("lca iii", "lowest-common-ancestor-of-a-binary-tree-iii"),
        ("validate bst", "validate-binary-search-tree"),
        ("right side view", "binary-tree-right-side-view"),
        ("nqueens", "n-queens"),
        ("alien dict", "alien-dictionary"),
        ("pacific atlantic", "pacific-atlantic-water-flow"),
        ("friend circles", "number-of-provinces"),
        ("meeting rooms 2", "meeting-rooms-ii"),
        ("meeting rooms I", "meeting-rooms"),
        ("time map", "time-based-key-value-store"),
        ("median from data stream", "find-median-from-data-stream"),
        ("randomized set", "insert-delete-getrandom-o1"),
        ("knight moves", "minimum-knight-moves"),
        ("basic calculator 3", "basic-calculator-iii"),
        ("russian dolls", "russian-doll-envelopes"),
        ("job scheduling", "maximum-profit-in-job-scheduling"),
        ("atoi", "string-to-integer-atoi"),
        ("lis", "longest-increasing-subsequence"),
        ("wordbreak 2", "word-break-ii"),
        ("two sum bst", "two-sum-iv-input-is-a-bst"),
        ("spells and potions", "successful-pairs-of-spells-and-potions"),
        ("dota2 senate", "dota2-senate"),
        ("twin sum", "maximum-twin-sum-of-a-linked-list"),
    ],
)
def test_a_short_name_finds_its_problem(typed: str, slug: str) -> None:
    assert found(typed) == slug


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("42", "trapping-rain-water"),
        ("#23", "merge-k-sorted-lists"),
        ("LC 200", "number-of-islands"),
        ("leetcode 1293", "shortest-path-in-a-grid-with-obstacles-elimination"),
        ("2560.", "house-robber-iv"),
        ("253. Meeting Rooms II \N{LOCK}", "meeting-rooms-ii"),
        ("Alien Dictionary \N{LOCK}", "alien-dictionary"),
        ("https://leetcode.com/problems/the-maze/description/", "the-maze"),
        ("leetcode.com/problems/cutting-ribbons/editorial?x=1", "cutting-ribbons"),
        ("https://leetcode.com/problems/lru-cache/submissions/123/", "lru-cache"),
        ("https://neetcode.io/problems/eating-bananas", "koko-eating-bananas"),
        ("https://neetcode.io/problems/foreign-dictionary?list=neetcode150", "alien-dictionary"),
    ],
)
def test_a_number_an_address_and_a_copied_heading_find_their_problem(typed: str, slug: str) -> None:
    assert found(typed) == slug


@pytest.mark.parametrize(
    "typed",
    [
        *("palindrome", "anagram", "bst", "histogram", "level order", "subarray", "islands"),
        *("vertical order traversal", "stock", "calculator", "intervals", "cache", "word"),
    ],
)
def test_a_word_that_several_problems_share_names_none_of_them(typed: str) -> None:
    assert found(typed) is None


def test_a_letter_that_is_a_word_of_a_name_is_never_supplied() -> None:
    assert found("merge to sorted lists") is None  # two of them, or k


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("tell me about a time you took a risk", "acted-quickly"),
        ("tell me about a time you thought big", "proposed-a-bold-idea"),
        ("earned trust", "won-back-trust"),
        ("disagreed and committed", "committed-after-disagreeing"),
        ("doing more with less", "did-more-with-less"),
        ("root cause analysis", "found-the-root-cause"),
        ("quality vs speed", "refused-to-cut-corners"),
    ],
)
def test_a_behavioral_question_goes_by_what_interviewers_say(typed: str, slug: str) -> None:
    assert found(typed, Round.BEHAVIORAL) == slug
