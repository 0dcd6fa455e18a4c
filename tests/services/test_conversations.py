"""Conversations in one call: in order, once, and found again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db import Store
from maang_mcp.app import Coach, wire
from maang_mcp.cache import NoCache
from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.domain.profile import Learner
from maang_mcp.services.answers.memory import Remembered
from maang_mcp.services.conversations import MOST_TURNS
from maang_mcp.services.requests import Note, Question, Told
from tests.factories import HashEmbedder, Ids, SteppingClock, with_before_writing

KEY = "sk-" + "a1B2" * 12
CHAT = (
    Told("Why do my windows overlap?", "Ada", "2026-11-01T10:00:00Z"),
    Told("Because the left edge never moves.", "Coach", "2026-11-01T10:01:00Z"),
    Told("I will move it.", "Ada", "2026-11-01T10:02:00Z"),
)


async def _tell(
    coach: Coach, learner: Learner, *turns: Told, name: str | None = "chat", **fields: object
) -> Remembered:
    note = Note(turns=turns, conversation=name, **fields)  # type: ignore[arg-type]  # the fields are the caller's choice
    return await coach.memories.remember(learner, note)


async def _record(store: Store, learner: Learner, name: str = "chat") -> list[Memory]:
    async with store.reading(learner.id) as uow:
        return await uow.memory.conversation(name)


async def _vectors(store: Store, learner: Learner) -> list[str | None]:
    """The vectors of the turns as they are stored, in the order of the conversation."""
    async with store.reading(learner.id) as uow:
        rows = await uow.memory._connection.execute(
            text(
                "SELECT embedding::text FROM memory_chunk JOIN memory ON memory.id = memory_id "
                "ORDER BY position, chunk"
            )
        )
        return [row[0] for row in rows]


async def test_a_conversation_is_kept_in_one_call_and_found_again(
    coach: Coach, learner: Learner, store: Store
) -> None:
    answer = await _tell(coach, learner, *CHAT, tags=("windows",))
    assert answer.status == "Remembered 3 turns of 'chat'."
    record = await _record(store, learner)
    assert [(t.position, t.speaker, t.content) for t in record] == [
        (place, turn.speaker, turn.text) for place, turn in enumerate(CHAT)
    ]
    assert record[0].occurred_at == datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert {(turn.kind, turn.tags) for turn in record} == {(MemoryKind.TURN, ("windows",))}
    assert answer.memory_id == str(record[-1].id)
    await coach.memories.remember(learner, Note("Windows overlap in a note."))
    found = await coach.memories.retrieve_context(
        learner, Question("windows overlap", conversation="chat")
    )
    ids = {UUID(passage.uri.rpartition("/")[2]) for passage in found.passages}
    assert record[0].id in ids
    assert ids <= {turn.id for turn in record}
    assert {passage.kind for passage in found.passages} == {MemoryKind.TURN}


async def test_telling_it_again_adds_nothing(coach: Coach, learner: Learner, store: Store) -> None:
    first = await _tell(coach, learner, *CHAT)
    again = await _tell(coach, learner, *CHAT)
    assert (first.repeated, again.repeated) == (False, True)
    assert again.memory_id == first.memory_id
    assert again.status == "Those turns of 'chat' were already on record; nothing changed."
    assert len(await _record(store, learner)) == 3


async def test_what_is_told_longer_goes_on_where_it_ended(
    coach: Coach, learner: Learner, store: Store
) -> None:
    more = (Told("Good.", "Coach"), Told("Thanks.", "Ada"))
    await _tell(coach, learner, *CHAT[:2])
    grown = await _tell(coach, learner, *CHAT, more[0])
    assert grown.status == "Remembered 2 turns of 'chat'; 2 were already on record."
    tail = await _tell(coach, learner, *more)
    assert tail.status == "Remembered 1 turn of 'chat'; 1 was already on record."
    record = await _record(store, learner)
    assert [turn.content for turn in record] == [turn.text for turn in (*CHAT, *more)]
    assert [turn.position for turn in record] == [0, 1, 2, 3, 4]


async def test_a_turn_told_alone_is_part_of_the_same_conversation(
    coach: Coach, learner: Learner, store: Store
) -> None:
    await coach.memories.remember(
        learner, Note("First.", MemoryKind.TURN, conversation="chat", speaker="Ada")
    )
    await _tell(coach, learner, Told("First.", "Ada"), Told("Second.", "Coach"))
    assert [turn.content for turn in await _record(store, learner)] == ["First.", "Second."]


async def test_a_turn_that_was_erased_stays_erased(
    coach: Coach, learner: Learner, store: Store
) -> None:
    await _tell(coach, learner, *CHAT)
    erased = (await _record(store, learner))[1]
    await coach.erasure.forget(learner, "memory", erased.id, "")
    assert (await _tell(coach, learner, *CHAT)).repeated
    assert [turn.position for turn in await _record(store, learner)] == [0, 2]


async def test_turns_told_at_once_by_two_stand_one_after_the_other(
    coach: Coach, learner: Learner, store: Store
) -> None:
    await asyncio.gather(
        *(_tell(coach, learner, Told(f"a{n}", "Ada"), Told(f"b{n}", "Bob")) for n in range(3))
    )
    record = await _record(store, learner)
    assert [turn.position for turn in record] == list(range(6))
    assert {turn.content for turn in record} == {f"{x}{n}" for x in "ab" for n in range(3)}
    for a, b in zip(record[::2], record[1::2], strict=True):
        assert a.content.replace("a", "b") == b.content


def _all_at_once(store: Store, clock: SteppingClock, tellers: int) -> Coach:
    """Nothing is written before so many would: all of them have read the same record."""
    here = asyncio.Barrier(tellers)

    async def meet() -> None:
        await here.wait()

    return wire(with_before_writing(store, meet), NoCache(), HashEmbedder(), clock, Ids())


async def test_eight_tellings_at_once_are_all_kept(
    learner: Learner, store: Store, clock: SteppingClock
) -> None:
    coach = _all_at_once(store, clock, 8)
    answers = await asyncio.gather(
        *(_tell(coach, learner, Told(f"teller {n}", "Ada")) for n in range(8))
    )
    await coach.backlog.drained()
    record = await _record(store, learner)
    assert not any(answer.repeated for answer in answers)
    assert [turn.position for turn in record] == list(range(8))
    assert {turn.content for turn in record} == {f"teller {n}" for n in range(8)}


async def test_the_same_telling_eight_times_at_once_is_kept_once(
    learner: Learner, store: Store, clock: SteppingClock
) -> None:
    coach = _all_at_once(store, clock, 8)
    answers = await asyncio.gather(*(_tell(coach, learner, *CHAT) for _ in range(8)))
    await coach.backlog.drained()
    assert sorted(answer.repeated for answer in answers) == [False] + [True] * 7
    assert len({answer.memory_id for answer in answers}) == 1
    assert [turn.content for turn in await _record(store, learner)] == [t.text for t in CHAT]


async def test_turns_that_were_overtaken_are_embedded_with_those_before_them_now(
    learner: Learner, store: Store, clock: SteppingClock
) -> None:
    coach = _all_at_once(store, clock, 2)
    await asyncio.gather(
        *(_tell(coach, learner, *(Told(f"{who} says {n}") for n in range(4))) for who in "ab")
    )
    await coach.backlog.drained()
    once = Learner.of(f"other-{uuid4()}")
    turns = [Told(turn.content) for turn in await _record(store, learner)]
    other = wire(store, NoCache(), HashEmbedder(), clock, Ids())
    await _tell(other, once, *turns)
    await other.backlog.drained()
    assert len(turns) == 8
    assert await _vectors(store, learner) == await _vectors(store, once)


async def test_another_conversation_or_learner_has_its_own_turns(
    coach: Coach, learner: Learner, store: Store
) -> None:
    other = Learner.of(f"other-{uuid4()}")
    for who, name in ((learner, "chat"), (learner, "talk"), (other, "chat")):
        assert not (await _tell(coach, who, *CHAT, name=name)).repeated
    ids = {
        turn.id
        for who, name in ((learner, "chat"), (learner, "talk"), (other, "chat"))
        for turn in await _record(store, who, name)
    }
    assert len(ids) == 9


async def test_secrets_are_removed_from_every_turn(
    coach: Coach, learner: Learner, store: Store
) -> None:
    told = [Told(f"The key is {KEY}.", f"Ada {KEY}"), Told("No secret.", "Coach")]
    answer = await _tell(coach, learner, *told)
    assert answer.secrets_removed == 2
    assert answer.status.endswith("2 secrets removed.")
    assert KEY[:20] not in str(await _record(store, learner))
    assert (await _tell(coach, learner, *told)).repeated


async def test_a_turn_is_embedded_with_those_before_it(coach: Coach, learner: Learner) -> None:
    turns = [Told(f"turn number {n} mentions word{n}", "Ada") for n in range(20)]
    await _tell(coach, learner, *turns)
    found = await coach.memories.retrieve_context(
        learner, Question("word17 mentions", explain=True, k=8)
    )
    parts = {p.text.splitlines()[1]: p.parts for p in found.passages}
    after = parts["turn number 18 mentions word18"]
    assert after is not None
    assert after.similarity is not None
    unrelated = parts.get("turn number 3 mentions word3")
    assert unrelated is None or (unrelated.similarity or 0) < after.similarity


@pytest.mark.parametrize(
    ("turns", "fields"),
    [
        (CHAT, {"name": None}),
        (CHAT, {"name": " "}),
        (CHAT, {"content": "and this"}),
        ((Told(" \n"),), {}),
        ((Told("x", when="soon"),), {}),
        ((Told("x"),) * (MOST_TURNS + 1), {}),
    ],
    ids=["no name", "blank name", "content too", "no text", "no moment", "too many"],
)
async def test_turns_that_cannot_be_kept_are_refused_whole(
    coach: Coach, learner: Learner, store: Store, turns: tuple[Told, ...], fields: dict[str, str]
) -> None:
    with pytest.raises(InvalidInput):
        await _tell(coach, learner, Told("Fine."), *turns, **fields)
    assert await _record(store, learner) == []
