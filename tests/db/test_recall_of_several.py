"""The candidate search of one learner among others whose memories are nearly theirs."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from uuid import uuid4

import pytest

from db import Store
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.ranking import PeakStatistics, fused_score
from tests.db.shelf import WORDS, Shelf, memory_of

MEMORIES = 21
QUERIES = (
    "sliding window invariant",
    "rotate the matrix, merge nowhere",
    "what is it?",
)


@pytest.fixture(scope="module")
async def shelves(store: Store) -> list[Shelf]:
    """Three learners with memories of the same ids and a dozen passages each: mostly of the
    same words, a few of their own, and words that one has in every passage and the next in none."""
    made = [Shelf(store, Learner.of(f"one-of-several-{uuid4()}")) for _ in range(3)]
    dice = Random(17)
    seldom = ["".join(dice.choices("bdfgklmnaeiou", k=7)) for _ in range(2_000)]
    for _ in range(MEMORIES):
        shared = [" ".join(dice.choices(seldom, k=11)) for _ in range(120)]
        memory = memory_of(dice, problem=None)
        for number, shelf in enumerate(made):
            own = (" ".join([*_now_and_then(dice), *WORDS[:number]]) for _ in shared)
            told = (f"{sentence} {words}" for sentence, words in zip(shared, own, strict=True))
            await shelf.add(replace(memory, content=". ".join(told)))
    return made


def _now_and_then(dice: Random) -> list[str]:
    return dice.choices(WORDS, k=dice.choice((0, 0, 0, 0, 1)))


@pytest.mark.parametrize("whose", range(3))
@pytest.mark.parametrize("query", QUERIES)
async def test_the_candidates_are_the_best_of_all_passages_of_their_learner(
    shelves: list[Shelf], whose: int, query: str
) -> None:
    shelf = shelves[whose]
    by_hand, ceiling = await shelf.by_hand(query)
    assert len(by_hand) > 150
    statistics = PeakStatistics.of(by_hand.values(), ceiling)
    scores = {
        key: fused_score(candidate.cosine, candidate.bm25, statistics)
        for key, candidate in by_hand.items()
    }
    recalled = await shelf.recall(query, limit=50)
    assert recalled.scanned == len(by_hand)
    found = [(candidate.memory.id, candidate.chunk) for candidate in recalled.candidates]
    # 16-bit vectors may let two that are nearly equal change places, and nothing more.
    least = sorted(scores.values(), reverse=True)[len(found) - 1]
    assert min(scores[key] for key in found) > least - 5e-3
    assert {key for key, score in scores.items() if score > least + 5e-3} <= set(found)
    for candidate in recalled.candidates:
        assert candidate.memory.content in shelf.kept[candidate.memory.id][0].content
