"""From candidates to a cited answer."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.errors import BudgetTooSmall
from maang_mcp.domain.memory import Candidate, MemoryKind
from maang_mcp.domain.ranking import (
    PeakStatistics,
    RankingSettings,
    assemble,
    found,
    fused_score,
    rank,
)

from .memories import NOW, candidate, direction, memory, turn

COSINES = st.none() | st.floats(-1, 1)
CANDIDATES = st.lists(st.tuples(COSINES, st.floats(0, 40)), max_size=30).map(
    lambda scores: [candidate(n, cosine, bm25) for n, (cosine, bm25) in enumerate(scores, 1)]
)


def order(candidates: list[Candidate], **options: object) -> list[int]:
    return [entry.candidate.memory.id.int for entry in rank(candidates, NOW, **options)]  # type: ignore[arg-type] # passed on as given


def flat_dense(lexical: list[float], ceiling: float | None = None) -> PeakStatistics:
    """Statistics over passages that are all about as similar to the query."""
    return PeakStatistics.of(
        (candidate(n, 0.5 - n / 100, bm25) for n, bm25 in enumerate(lexical, 1)), ceiling
    )


def test_a_clear_lexical_winner_is_trusted_and_a_crowd_is_not() -> None:
    winner = flat_dense([20.0] + [2.0] * 20)
    crowd = flat_dense([20.0] + [19.0] * 20)
    assert winner.lexical_trust > 5 * crowd.lexical_trust > 0


def test_a_clear_dense_winner_leaves_less_to_the_words() -> None:
    lexical = [20.0] + [2.0] * 20
    dense = PeakStatistics.of(
        candidate(n, 0.9 if n == 1 else 0.3, bm25) for n, bm25 in enumerate(lexical, 1)
    )
    assert dense.lexical_trust < flat_dense(lexical).lexical_trust


def test_a_winner_that_accounts_for_little_of_the_query_is_trusted_less() -> None:
    lexical = [10.0] + [1.0] * 20
    assert flat_dense(lexical, 100).lexical_trust < flat_dense(lexical, 12).lexical_trust
    assert flat_dense(lexical, 100).coverage == pytest.approx(0.1)
    assert flat_dense(lexical, 5).coverage == 1.0


def test_golden_trust_and_score() -> None:
    """The store computes the same formula in SQL."""
    statistics = PeakStatistics(0.6, -0.1, 0.45, 12.0, 3.0, lexical_ceiling=30.0)
    assert statistics.lexical_trust == pytest.approx(0.3 * 0.75 / 0.25 * 0.4**0.75)
    assert fused_score(0.25, 6.0, statistics) == pytest.approx(
        0.5 + statistics.lexical_trust * 0.5**1.5
    )


def test_fewer_than_ten_passages_are_compared_with_the_last() -> None:
    statistics = PeakStatistics.of([candidate(1, 0.8, 4.0), candidate(2, 0.2, 0.0)], 10.0)
    assert statistics.lexical_trust == pytest.approx(0.3 * 1.0 / 0.75 * 0.4**0.75)


@given(CANDIDATES, st.none() | st.floats(0, 100))
def test_any_statistics_make_a_finite_score(
    candidates: list[Candidate], ceiling: float | None
) -> None:
    statistics = PeakStatistics.of(candidates, ceiling)
    assert 0 <= statistics.lexical_trust <= 1.5
    for c in candidates:
        assert 0 <= fused_score(c.cosine, c.bm25, statistics) <= 2.5 + 1e-9


@given(CANDIDATES, st.integers(0, 29), st.floats(0, 1))
def test_more_evidence_never_lowers_the_score(
    candidates: list[Candidate], index: int, more: float
) -> None:
    if not candidates:
        return
    statistics = PeakStatistics.of(candidates)
    c = candidates[index % len(candidates)]
    before = fused_score(c.cosine, c.bm25, statistics)
    assert fused_score(c.cosine, c.bm25 + more, statistics) >= before
    if c.cosine is not None:
        assert fused_score(c.cosine + more, c.bm25, statistics) >= before


@given(CANDIDATES, st.randoms(use_true_random=False))
def test_the_order_in_which_candidates_come_does_not_matter(
    candidates: list[Candidate], dice: random.Random
) -> None:
    shuffled = candidates.copy()
    dice.shuffle(shuffled)
    assert order(shuffled) == order(candidates)


def test_a_memory_counts_once_by_its_best_passage() -> None:
    record = memory(1, content="0123456789")
    passages = [
        candidate(record, 0.3, chunk=0, span=(0, 4)),
        candidate(record, 0.7, chunk=1, span=(4, 10)),
        candidate(2, 0.5),
    ]
    first, second = rank(passages, NOW)
    assert (first.candidate.chunk, first.parts.similarity) == (1, 0.7)
    assert second.candidate.memory.id.int == 2


def test_without_vectors_the_words_decide_and_the_wordless_are_left_out() -> None:
    offered = [candidate(1, None, 2.0), candidate(2, None, 9.0), candidate(3, None, 0.0)]
    assert order(offered) == [2, 1]


def test_a_passage_that_is_not_embedded_yet_is_found_by_its_words() -> None:
    offered = [candidate(n, 0.2 + n / 1000, 0.1) for n in range(2, 20)]
    assert order([*offered, candidate(1, None, 30.0)])[0] == 1


def test_turns_are_drawn_to_their_conversations_best_and_to_their_neighbours() -> None:
    hit, beside, apart = turn(1), turn(2), turn(9)
    elsewhere, note = turn(5, "other"), memory(7)
    entries = {
        entry.candidate.memory.id.int: entry.parts
        for entry in rank(
            [
                candidate(hit, 0.9),
                *(candidate(m, 0.4) for m in (beside, apart, elsewhere, note)),
                candidate(8, 0.1),
            ],
            NOW,
        )
    }
    assert entries[2].total > entries[9].total > entries[5].total
    assert entries[5].total == entries[7].total
    assert entries[1].conversation == 0.0
    assert entries[7].conversation == entries[7].neighbour == 0.0


def test_a_memory_has_the_best_of_all_its_passages() -> None:
    split = memory(1, content="0123456789")
    offered = [
        candidate(split, 0.8, 0.0, chunk=0, span=(0, 4)),
        candidate(split, 0.2, 9.0, chunk=1, span=(4, 10)),
        candidate(2, 0.8, 0.0),
        candidate(3, 0.2, 9.0),
        candidate(4, 0.1, 0.0),
    ]
    first = rank(offered, NOW)[0]
    assert first.candidate.memory.id.int == 1
    assert (first.parts.similarity, first.parts.bm25) == (0.8, 9.0)


def test_among_turns_the_words_weigh_more_but_a_turn_weighs_no_more_than_a_note() -> None:
    statistics = PeakStatistics(0.6, 0.0, 0.4, 10.0, 2.0, 20.0)
    offered = [
        candidate(turn(1, "one"), 0.6, 10.0),
        candidate(turn(2, "two"), 0.0, 10.0),
        candidate(3, 0.6, 10.0),
        candidate(4, 0.0, 10.0),
    ]
    parts = {e.candidate.memory.id.int: e.parts for e in rank(offered, NOW, statistics=statistics)}
    assert parts[1].dense + parts[1].lexical == pytest.approx(parts[3].dense + parts[3].lexical)
    assert parts[2].lexical > parts[4].lexical
    assert statistics.trust_among_turns == pytest.approx(2 * statistics.lexical_trust)


def test_whose_speaker_the_query_names_comes_first() -> None:
    offered = [
        candidate(turn(1, speaker="Ann"), 0.5),
        candidate(turn(5, speaker="Bob"), 0.5),
        candidate(9, 0.1),
    ]
    assert order(offered, query="What did Bob suggest?")[:2] == [5, 1]
    assert order(offered, query="What did Ann suggest?")[:2] == [1, 5]


def test_the_reply_comes_before_the_question_it_answers() -> None:
    offered = [
        candidate(turn(1, content="Which structure would you use?"), 0.6),
        candidate(turn(2, content="A heap."), 0.5),
        candidate(9, 0.0),
    ]
    assert order(offered)[:2] == [2, 1]


def test_of_two_alike_the_more_recent_comes_first_but_evidence_beats_recency() -> None:
    old = memory(1, occurred_at=NOW - timedelta(days=400))
    new = memory(2, occurred_at=NOW - timedelta(days=1))
    far = candidate(3, 0.1)
    assert order([candidate(old, 0.5), candidate(new, 0.5), far])[:2] == [2, 1]
    assert order([candidate(old, 0.56), candidate(new, 0.5), far])[:2] == [1, 2]


def test_recency_halves_and_never_exceeds_its_weight() -> None:
    settings = RankingSettings(recency_half_life=timedelta(days=30))
    ages = {1: 0, 2: 30, 3: 60, 4: -5}
    offered = [
        candidate(memory(n, occurred_at=NOW - timedelta(days=days))) for n, days in ages.items()
    ]
    recency = {
        e.candidate.memory.id.int: e.parts.recency for e in rank(offered, NOW, settings=settings)
    }
    assert recency == pytest.approx({1: 0.05, 2: 0.025, 3: 0.0125, 4: 0.05})


def test_what_resembles_the_query_in_no_way_is_left_out() -> None:
    offered = [candidate(1, 0.7), candidate(2, 0.29), candidate(3, 0.2, 1.0), candidate(4, 0.31)]
    assert set(order(offered)) == {1, 3, 4}
    assert set(order(offered, settings=RankingSettings(similarity_floor=-1.0))) == {1, 2, 3, 4}


def test_where_nothing_is_near_what_comes_almost_as_near_as_the_best_is_evidence() -> None:
    assert set(order([candidate(1, 0.4), candidate(2, 0.21), candidate(3, 0.19)])) == {1, 2}


def test_a_memory_is_left_out_only_if_none_of_its_passages_resembles_the_query() -> None:
    split = memory(1, content="0123456789")
    offered = [
        candidate(split, 0.1, chunk=0, span=(0, 4)),
        candidate(split, 0.1, 2.0, chunk=1, span=(4, 10)),
        candidate(2, 0.5),
        candidate(3, 0.1),
    ]
    assert set(order(offered)) == {1, 2}


def test_a_reply_is_evidence_whatever_its_words_and_what_stands_far_away_is_none() -> None:
    asked = turn(1, content="Which structure would you use?")
    offered = [
        candidate(asked, 0.6, 2.0),
        candidate(turn(2, content="A heap."), 0.2),
        candidate(turn(8, content="Thanks."), 0.2),
        candidate(9, 0.0),
    ]
    assert set(order(offered)) == {1, 2}


@pytest.mark.parametrize(
    ("cosine", "bm25", "ceiling", "answer"),
    [
        (0.4, 0.0, 20.0, True),
        (0.2, 0.0, 20.0, False),
        (0.2, 1.0, 20.0, False),
        (0.2, 4.0, 20.0, True),
        (0.28, 0.0, 20.0, False),
        (0.28, 1.0, 20.0, True),
        (0.2, 10.0, 20.0, True),
        (0.2, 1.0, None, True),
        (None, 1.0, 20.0, True),
        (None, 0.0, 20.0, False),
    ],
)
def test_nothing_is_found_when_neither_meaning_nor_words_come_near(
    cosine: float | None, bm25: float, ceiling: float | None, answer: bool
) -> None:
    statistics = PeakStatistics.of([candidate(1, cosine, bm25)], ceiling)
    assert found(statistics) is answer


def test_an_answer_cites_its_passages() -> None:
    record = memory(
        1, kind=MemoryKind.LESSON, title="Windows", content="Before. Shrink while invalid. After."
    )
    bundle = assemble(
        [candidate(record, 0.8, span=(8, 29)), candidate(2, 0.3)], NOW, k=1, budget=500
    )
    (passage,) = bundle.passages
    assert passage.text == "Shrink while invalid."
    assert passage.uri == "maang://memories/00000000-0000-0000-0000-000000000001"
    assert (passage.title, passage.kind, passage.when) == ("Windows", MemoryKind.LESSON, NOW)
    assert passage.score == passage.parts.total
    assert (bundle.found, bundle.left_out, bundle.degraded) == (True, 0, None)


def test_an_unrelated_question_gets_no_passages_and_is_told_so() -> None:
    bundle = assemble([candidate(1, 0.1)], NOW, k=5, budget=500, degraded="model loading")
    assert (bundle.passages, bundle.found, bundle.tokens) == ((), False, 0)
    assert bundle.degraded == "model loading"
    assert assemble([], NOW, k=5, budget=500).found is False


def test_a_budget_below_the_shortest_passage_is_refused() -> None:
    with pytest.raises(BudgetTooSmall, match="the budget is 20"):
        assemble([candidate(1)], NOW, k=5, budget=20)


@given(CANDIDATES, st.integers(1, 8), st.integers(60, 400))
def test_an_answer_keeps_within_its_limits(
    candidates: list[Candidate], k: int, budget: int
) -> None:
    bundle = assemble(candidates, NOW, k=k, budget=budget)
    assert bundle.tokens <= budget
    assert len(bundle.passages) <= k
    assert len({passage.uri for passage in bundle.passages}) == len(bundle.passages)
    assert bundle.found is bool(bundle.passages)


def test_the_parts_of_a_score_add_up() -> None:
    embedded = [
        replace(candidate(turn(n), 0.1 * n, float(n)), embedding=direction(n * 20))
        for n in range(1, 6)
    ]
    for passage in assemble(embedded, NOW, k=5, budget=5000).passages:
        parts = passage.parts
        added = parts.dense + parts.lexical + parts.neighbour + parts.conversation + parts.recency
        assert passage.score == pytest.approx(added)
