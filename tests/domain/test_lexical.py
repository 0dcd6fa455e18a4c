"""Words as BM25 sees them."""

from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.lexical import (
    DIMENSION,
    MAX_TERMS,
    document_vector,
    idf,
    normalise,
    query_terms,
    terms,
)


def score(query: str, document: str, corpus: list[str]) -> float:
    """BM25 as the store computes it: the inner product of stored weights and the query's idf."""
    vectors = [dict(document_vector(text).elements) for text in corpus]
    weights = dict(document_vector(document).elements)
    return sum(
        weights.get(term, 0.0) * idf(sum(term in vector for vector in vectors), len(vectors))
        for term in query_terms(query)
    )


def shared(first: str, second: str) -> set[str]:
    return set(terms(first)) & set(terms(second))


@pytest.mark.parametrize(
    "spelling", ["two-sum", "Two Sum", "twoSum", "two_sum", "TwoSum", "TWO-SUM", "two‑sum"]
)
def test_a_problem_is_found_by_any_spelling_of_its_name(spelling: str) -> None:
    assert {"two", "sum"} <= shared(spelling, "Two Sum")


@pytest.mark.parametrize(
    ("written", "sought"),
    [
        ("templates in C++", "c++ templates"),
        ("LINQ in C#", "c# generics"),
        ("ASP.NET and .NET core", ".net"),
        ("a Node.js server", "nodejs"),
        ("sorts in O(n log n)", "O(N*log(N))"),
        ("that is O(n^2)", "o(n²) time"),
        ("the k-th largest", "kth largest"),
        ("3Sum again", "3 sum"),
        ("Caroline’s café", "caroline cafe"),
        ("1,000,000 rows", "1000000"),
        ("dfs/bfs", "bfs"),
        ("dp on trees", "dynamic programming"),
        ("practising duplicates", "practise duplicate"),
        ("I went there", "go there"),
        ("two vertices", "a vertex"),
        ("动态规划", "规划"),
    ],
)
def test_different_spellings_of_one_thing_share_a_term(written: str, sought: str) -> None:
    assert shared(written, sought)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C++", "C#"),
        ("C++", "C"),
        ("O(n)", "O(n^2)"),
        ("O(1)", "O(n)"),
        ("dfs", "dp"),
        ("left", "leave"),
    ],
)
def test_different_things_stay_apart(one: str, other: str) -> None:
    assert terms(one)[0] not in terms(other)


def test_words_that_carry_no_meaning_are_left_out() -> None:
    assert terms("What was it that I did with the heap? Don't say it’s John's.") == [
        *("heap", "say", "john"),
    ]


def test_golden_terms() -> None:
    text = "Sliding windows: shrink while sum(window) > k, O(n); see LRUCache"
    assert terms(text) == [
        *("slide", "window", "shrink", "sum", "window", "k", "bigon", "see"),
        *("lrucach", "lru", "cach"),
    ]


def test_golden_vector() -> None:
    """Stored vectors outlive a release, so neither hash nor weight may ever move."""
    elements = document_vector("heap heap trie").elements
    assert [(i, round(w, 6)) for i, w in elements] == [(598753, 1.876333), (725456, 1.635688)]


def test_a_rarer_word_weighs_more_and_so_does_a_repeated_one() -> None:
    corpus = ["heap merge", "heap sort", "heap heap push", "trie insert"]
    assert score("trie", corpus[3], corpus) > score("merge heap", corpus[1], corpus)
    assert score("heap", corpus[2], corpus) > score("heap", corpus[1], corpus)


def test_a_text_without_words_has_no_terms() -> None:
    assert document_vector(" \n… --- ()").elements == ()
    assert query_terms("the of and") == ()


def test_a_passage_keeps_its_heaviest_terms_only() -> None:
    text = " ".join(f"word{i}" for i in range(500)) + " heap heap heap"
    elements = document_vector(text).elements
    assert len(elements) <= MAX_TERMS
    assert query_terms("heap")[0] in dict(elements)


def test_terms_that_share_an_index_add_their_weights() -> None:
    seen: dict[int, str] = {}
    for letters in product("bcdfgjkpvz", repeat=4):
        word = "".join(letters)
        (index,) = query_terms(word)
        if index in seen:
            break
        seen[index] = word
    both = dict(document_vector(f"{seen[index]} {word}").elements)
    alone = dict(document_vector(f"{word} heap").elements)
    assert both == {index: pytest.approx(2 * alone[index])}


def test_a_term_in_every_passage_still_weighs_something() -> None:
    assert idf(10, 10) > 0
    assert idf(0, 0) == pytest.approx(math.log(2))
    assert idf(1, 100) > idf(2, 100) > idf(50, 100)


@given(st.text())
def test_any_text_makes_a_valid_vector(text: str) -> None:
    elements = document_vector(text).elements
    indices = [index for index, _ in elements]
    assert indices == sorted(set(indices))
    assert all(0 <= index < DIMENSION and weight > 0 for index, weight in elements)
    assert len(elements) <= MAX_TERMS


@given(st.text())
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    indexed = {index for index, _ in document_vector(text).elements}
    sought = query_terms(text)
    assert len(set(sought)) == len(sought)
    if len(sought) <= MAX_TERMS:
        assert indexed == set(sought)


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert terms(once) == terms(text)
