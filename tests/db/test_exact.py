"""What is demanded word for word, against the same done by hand."""

from __future__ import annotations

from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import Store
from db.repositories.exact import passages_holding
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.query import Demand, Phrase, exact_words
from tests.db.shelf import Shelf
from tests.factories import NOW

WORDS = ("off", "by", "one", "heap", "heaps", "C", "C++", "c#", "two-sum", "x_1", "滑动", "Окно")
JOINTS = (" ", "-", ", ", "\n", " — ", "/", ".")


class Kept:
    """A shelf that Hypothesis does not print."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf


@pytest.fixture(scope="module")
async def kept(store: Store) -> Kept:
    """Sixty short memories of few words."""
    made = Shelf(store, Learner.of(f"exact-{uuid4()}"))
    dice = Random(3)
    for _ in range(60):
        said = dice.choice(WORDS)
        for _ in range(dice.randrange(5)):
            said += dice.choice(JOINTS) + dice.choice(WORDS)
        id = UUID(int=dice.getrandbits(128))
        speaker = dice.choice((None, "heap"))
        await made.add(Memory(id, MemoryKind.NOTE, "t", said, NOW, speaker=speaker), identity=None)
    return Kept(made)


def _holds(words: tuple[str, ...], phrase: Phrase) -> bool:
    for start in range(len(words) - len(phrase.words) + 1):
        found = words[start : start + len(phrase.words)]
        if found == phrase.words or (phrase.open_ended and found[0].startswith(phrase.words[0])):
            return True
    return False


_PHRASES = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(
        lambda words: Phrase(exact_words(" ".join(words)))
    ),
    st.sampled_from(("he", "heap", "o", "cplus", "c", "two")).map(
        lambda word: Phrase((word,), open_ended=True)
    ),
)
_GROUPS = st.lists(_PHRASES, min_size=1, max_size=2).map(tuple)


@settings(max_examples=80, deadline=None)
@given(every=st.lists(_GROUPS, max_size=2), never=st.lists(_PHRASES, max_size=2))
async def test_the_passages_are_those_that_meet_the_demand_by_hand(
    kept: Kept, every: list[tuple[Phrase, ...]], never: list[Phrase]
) -> None:
    if not every and not never:
        return
    shelf = kept.shelf
    wanted = set()
    for memory, entry in shelf.passages():
        said = exact_words(f"{memory.title} {memory.speaker or ''} {memory.content}")
        if all(any(_holds(said, one) for one in group) for group in every) and not any(
            _holds(said, one) for one in never
        ):
            wanted.add((memory.id, entry.passage.chunk))
    async with shelf.store.reading(shelf.learner.id) as uow:
        found = await passages_holding(
            uow.memory._connection, shelf.learner.id, Demand(tuple(every), tuple(never))
        )
    assert set(found) == wanted


async def test_only_ones_own_passages_are_looked_at(kept: Kept, learner: Learner) -> None:
    shelf = kept.shelf
    heap = Demand(((Phrase(("heap",)),),))
    async with shelf.store.reading(learner.id) as uow:
        assert await passages_holding(uow.memory._connection, learner.id, heap) == []
        other = await passages_holding(uow.memory._connection, shelf.learner.id, heap)
    assert other == []  # row-level security, though the other's id is named
