"""What a ranking is worth."""

from __future__ import annotations

import math

import pytest

from benchmarks.retrieval_methods import measures


def test_measures_of_a_ranking_by_hand() -> None:
    r5, r10, reciprocal, ndcg = measures([9, 1, 8, 7, 6, 5, 2], frozenset({1, 2, 3}))
    assert r5 == pytest.approx(1 / 3)
    assert r10 == pytest.approx(2 / 3)
    assert reciprocal == 0.5
    gain = 1 / math.log2(3) + 1 / math.log2(8)
    assert ndcg == pytest.approx(gain / (1 + 1 / math.log2(3) + 1 / math.log2(4)))


def test_a_ranking_without_anything_relevant_is_worth_nothing() -> None:
    assert measures([4, 5], frozenset({1})) == (0.0, 0.0, 0.0, 0.0)


def test_where_nothing_is_relevant_there_is_nothing_to_measure() -> None:
    assert all(math.isnan(value) for value in measures([1], frozenset()))
