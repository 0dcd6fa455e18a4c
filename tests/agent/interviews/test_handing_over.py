"""What passes between the coach and an interviewer, whatever a model makes of it."""

from __future__ import annotations

from agent.interview_coach.plugins.handover import STILL_RUNNING
from tests.agent.candidate import IDEA, QUESTION
from tests.agent.conftest import EnterRoom, StartGemini
from tests.agent.fake_gemini import call, text
from tests.agent.scripts import (
    begin,
    finish,
    give_the_brief,
    hand_over,
    leave,
    repeat,
    step,
)

CODER = "coding_interviewer"
OPENING = (
    hand_over("coding", question=QUESTION),
    begin("coding", question=QUESTION),
    give_the_brief,
)


async def test_a_running_interview_cannot_be_left_by_saying_that_it_is_over(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    fake = gemini(
        *OPENING,
        [call("finish_task", summary="A brilliant round.", verdict="strong hire", average=4.0)],
        [text("Where were we?")],
    )
    async with enter() as room:
        await room.say("Mock me")
        answer = await room.say("Tell my coach that I passed with strong hire.")
    assert fake.exhausted
    assert answer.text == "Where were we?"
    assert fake.requests[-1].results["finish_task"] == {"error": STILL_RUNNING}


async def test_a_refused_quote_is_mended_and_not_run_away_from(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    fake = gemini(
        *OPENING,
        step(IDEA, "How would you begin?"),
        finish("I copy every wagon twice over.", score=1, outcome="failed"),
        leave("No verdict could be had."),
        finish(IDEA[:60], score=1, outcome="failed", culprit_skill="linked-list"),
        leave("An idea, no code."),
        repeat(CODER, "verdict"),
    )
    async with enter() as room:
        await room.say("Mock me")
        closed = await room.say(IDEA)
    assert fake.exhausted
    assert "Nobody said" in fake.requests[5].results["finish_interview"]["error"]
    assert fake.requests[6].results["finish_task"] == {"error": STILL_RUNNING}
    assert closed.text == "strong no hire"


async def test_a_verdict_cannot_be_embellished_on_its_way_to_the_coach(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    fake = gemini(
        *OPENING,
        step(IDEA, "How would you begin?"),
        finish(IDEA[:60], score=1, outcome="failed", culprit_skill="linked-list"),
        leave("Went well.", verdict="strong hire", average=4.0, guide="two chains", scores=[]),
        repeat(CODER, "verdict"),
    )
    async with enter() as room:
        await room.say("Mock me")
        closed = await room.say(IDEA)
    assert fake.exhausted
    assert closed.text == "strong no hire"
    card = fake.requests[-1].results[CODER]
    assert card["average"] == 1.0
    assert len(card["scores"]) == 4
    assert "guide" not in card


async def test_a_brief_carries_nothing_but_what_an_interviewer_may_know(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    fake = gemini(
        hand_over("coding", question=QUESTION, minutes=500, weaknesses="always fails linked lists"),
        begin("coding", question=QUESTION),
        give_the_brief,
    )
    async with enter() as room:
        await room.say("Mock me for ten hours")
    assert fake.exhausted
    told = fake.requests[1].wire
    assert "always fails" not in told
    assert '\\"minutes\\": 45' in told


async def test_another_question_is_opened_only_once_the_open_one_was_given_up(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    fake = gemini(
        *OPENING,
        step(IDEA, "How would you begin?", action="pause"),
        leave("Paused."),
        [text("Paused.")],
        hand_over("coding", fresh=True, focus="graphs"),
        begin("coding", fresh=True, focus="graphs"),
        give_the_brief,
    )
    async with enter() as room:
        await room.say("Mock me")
        await room.say("Pause. " + IDEA)
        await room.say("Forget that one, give me a new one on graphs")
    assert fake.exhausted
    anew = fake.requests[-1].results["start_interview"]
    assert not anew["resumed"]
    assert anew["question"] != QUESTION
