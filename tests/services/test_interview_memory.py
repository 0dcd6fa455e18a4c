"""What is said in an interview is found again: at once, once, and nothing that was not said."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db import Store
from maang_mcp.app import Coach
from maang_mcp.content.questions import questions
from maang_mcp.domain.errors import InvalidTransition
from maang_mcp.domain.guides import CodingGuide
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.domain.profile import Learner
from maang_mcp.services.answers.memory import Context
from maang_mcp.services.requests import Note, Plan, Question, Step, Told
from tests.factories import HashEmbedder, SteppingClock
from tests.lives import interviewed, scorecard

OURS = "choir-row"
ASKED = "How do you treat duplicates?"
SAID = "Duplicates go into a quokka map that counts them."


async def _start(coach: Coach, learner: Learner) -> UUID:
    started = await coach.interviews.start(learner, Plan(question=OURS, company="Google"))
    return UUID(started.interview_id)


async def _ask(coach: Coach, learner: Learner, query: str, **fields: object) -> Context:
    question = Question(query, **fields)  # type: ignore[arg-type]  # the fields are the caller's choice
    return await coach.memories.retrieve_context(learner, question)


async def _kept(coach: Coach, learner: Learner, interview: UUID) -> list[Memory]:
    async with coach.store.reading(learner.id) as uow:
        return await uow.memory.conversation(str(interview))


async def _passages(store: Store, learner: Learner) -> int:
    async with store.engine.connect() as connection:
        counted: int = await connection.scalar(
            text("SELECT coalesce(sum(chunks), 0) FROM corpus WHERE learner_id = :learner"),
            {"learner": learner.id},
        )
    return counted


@pytest.mark.parametrize("ready", [True, False], ids=["with the model", "without"])
@pytest.mark.parametrize("action", ["continue", "pause", "abandon"])
async def test_what_was_said_is_found_at_once_whatever_becomes_of_the_interview(
    coach: Coach, learner: Learner, embedder: HashEmbedder, ready: bool, action: str
) -> None:
    embedder.ready = ready
    id = await _start(coach, learner)
    await coach.interviews.step(learner, Step(id, ASKED, SAID, action))  # type: ignore[arg-type]  # one of them
    for found in (
        await _ask(coach, learner, "quokka", conversation=str(id)),
        await _ask(coach, learner, "what did I say in my last coding mock about the quokka"),
        await _ask(coach, learner, "quokka", kinds=(MemoryKind.TURN,), problem=OURS),
    ):
        assert SAID in found.passages[0].text
        assert found.passages[0].kind is MemoryKind.TURN
    asked = await _ask(coach, learner, "in my Google mock treat")
    assert any(ASKED in passage.text for passage in asked.passages)


async def test_a_turn_knows_its_interview_its_speaker_and_its_place(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await _start(coach, learner)
    await coach.interviews.step(learner, Step(id, ASKED, SAID))
    clock.forward(minutes=3)
    await coach.interviews.step(learner, Step(id, candidate="So it is linear."))
    kept = await _kept(coach, learner, id)
    assert [(turn.speaker, turn.content) for turn in kept] == [
        ("interviewer", ASKED),
        ("candidate", SAID),
        ("candidate", "So it is linear."),
    ]
    assert {(turn.kind, turn.problem, turn.interview_id) for turn in kept} == {
        (MemoryKind.TURN, OURS, id)
    }
    assert [turn.position for turn in kept] == [0, 1, 2]
    assert (kept[2].occurred_at - kept[1].occurred_at).total_seconds() == 180


async def test_a_step_taken_ten_times_keeps_its_turns_once(
    coach: Coach, learner: Learner, store: Store
) -> None:
    id, step_id = await _start(coach, learner), uuid4()
    step = Step(id, ASKED, SAID, "hint")
    await asyncio.gather(*(coach.interviews.step(learner, step, step_id) for _ in range(10)))
    assert len(await _kept(coach, learner, id)) == 3
    assert await _passages(store, learner) == 3


async def test_a_refused_step_leaves_nothing_to_find(coach: Coach, learner: Learner) -> None:
    id = await _start(coach, learner)
    await coach.interviews.step(learner, Step(id, candidate=SAID, action="hint"))
    with pytest.raises(InvalidTransition):
        await coach.interviews.step(learner, Step(id, "Another wombat hint.", action="hint"))
    assert "wombat" not in str(await _kept(coach, learner, id))


async def test_a_step_without_words_keeps_nothing(coach: Coach, learner: Learner) -> None:
    id = await _start(coach, learner)
    await coach.interviews.step(learner, Step(id, action="next_phase"))
    assert await _kept(coach, learner, id) == []


async def test_a_secret_that_was_said_is_not_kept(coach: Coach, learner: Learner) -> None:
    id, key = await _start(coach, learner), "sk-" + "a1B2" * 12
    await coach.interviews.step(learner, Step(id, candidate=f"My key is {key}"))
    assert key not in str(await _kept(coach, learner, id))


# --- Hints, and what is never told.


async def test_a_hint_is_kept_when_it_is_given_and_nothing_else_of_the_guide(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id, question = await _start(coach, learner), questions()[OURS]
    assert isinstance(question.guide, CodingGuide)
    told = await coach.interviews.step(learner, Step(id, ASKED, SAID, "hint"))
    await coach.interviews.step(learner, Step(id, "Go on.", "I count them.", "next_phase"))
    kept = await _kept(coach, learner, id)
    assert [turn.content for turn in kept] == [ASKED, SAID, told.hint, "Go on.", "I count them."]
    assert kept[2].speaker == "interviewer"
    words = "\n".join(turn.title + turn.content for turn in kept)
    for hidden in (*question.hints[1:], *question.guide.look_for, question.brief.statement):
        assert hidden not in words


async def test_a_hint_passed_on_word_for_word_is_said_once(coach: Coach, learner: Learner) -> None:
    id = await _start(coach, learner)
    told = await coach.interviews.step(learner, Step(id, candidate=SAID, action="hint"))
    assert told.hint is not None
    await coach.interviews.step(learner, Step(id, told.hint, "Thanks.", "hint"))
    further = (await _kept(coach, learner, id))[3].content
    await coach.interviews.step(learner, Step(id, told.hint, "You told me."))
    assert [turn.content for turn in await _kept(coach, learner, id)] == [
        *(SAID, told.hint, "Thanks.", further, told.hint, "You told me.")
    ]
    shown = await coach.interviews.show(learner, id)
    kinds = [line.split(":")[0] for line in shown.turns]
    assert kinds == [
        *("candidate", "hint 1", "interviewer", "candidate"),
        *("hint 2", "interviewer", "candidate"),
    ]


# --- Beside what else is kept.


async def test_turns_are_embedded_later_as_those_of_any_conversation(
    coach: Coach, learner: Learner, embedder: HashEmbedder
) -> None:
    embedder.ready = False
    id = await _start(coach, learner)
    await coach.interviews.step(learner, Step(id, ASKED, SAID))
    await coach.backlog.drained()
    embedder.ready = True
    await coach.interviews.step(learner, Step(id, candidate="So it is linear."))
    found = await _ask(coach, learner, "quokka", conversation=str(id), explain=True)
    assert all(one.parts and one.parts.similarity is not None for one in found.passages)


async def test_a_finished_interview_has_its_turns_one_attempt_and_one_feedback(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await interviewed(coach, learner, clock)
    turns = len(await _kept(coach, learner, id))
    assert turns == 4
    await coach.grading.finish(learner, scorecard(id))
    assert (await coach.learners.stats(learner)).memories == turns + 2
    found = await _ask(coach, learner, "container in my last interview", k=10)
    kinds = [passage.kind for passage in found.passages]
    assert (kinds.count(MemoryKind.ATTEMPT), kinds.count(MemoryKind.FEEDBACK)) == (1, 1)


async def test_turns_told_besides_take_their_own_places(coach: Coach, learner: Learner) -> None:
    id = await _start(coach, learner)
    await coach.interviews.step(learner, Step(id, ASKED, SAID))
    beside = Note("", conversation=str(id), turns=(Told("One more thing.", "candidate", None),))
    await coach.memories.remember(learner, beside)
    await coach.interviews.step(learner, Step(id, candidate="So it is linear."))
    assert [turn.position for turn in await _kept(coach, learner, id)] == [0, 1, 2, 3]


async def test_erasing_an_interview_erases_what_was_said_in_it(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    await interviewed(coach, learner, clock)
    id = await _start(coach, learner)
    await coach.interviews.step(learner, Step(id, ASKED, SAID, "hint"))
    before = await _passages(store, learner)
    await coach.erasure.forget(learner, "interview", id, "")
    assert await _kept(coach, learner, id) == []
    assert await _passages(store, learner) == before - 3
    assert "quokka" not in str(await _ask(coach, learner, "quokka"))
