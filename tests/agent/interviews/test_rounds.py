"""The other rounds, and a whole onsite loop."""

from __future__ import annotations

from typing import Any

from maang_mcp.content.questions import questions
from tests.agent.candidate import CONFLICT, COST, DESIGN, FAILURE, IDEA, LESSON
from tests.agent.conftest import EnterRoom, StartGemini
from tests.agent.fake_gemini import Body, Part, results_in, text
from tests.agent.scripts import (
    begin,
    check,
    finish,
    give_the_brief,
    hand_over,
    leave,
    of_coach,
    repeat,
    step,
)
from tests.agent.trajectory import assert_trajectory, called


def ask_from(note: str, tool: str = "interview_step") -> Any:
    """A model that puts the first question of a note, as it is worded."""

    def act(body: Body) -> list[Part]:
        return [text(results_in(body)[tool]["guide"]["notes"][note][0])]

    return act


async def test_a_behavioral_round_asks_several_questions_and_probes_each(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    plan = {"minutes": 30, "question": "time-you-failed"}
    fake = gemini(
        hand_over("behavioral", **plan),
        begin("behavioral", **plan),
        give_the_brief,
        step(FAILURE, "Tell me about a failure.", action="next_phase"),
        ask_from("probes"),
        step(LESSON, "What is different now?", action="next_phase"),
        ask_from("ask"),
        step("That I check least where I am surest.", "Which belief?", action="next_phase"),
        repeat("interview_step", "candidate_brief", "text"),
        step(CONFLICT, "And a conflict?", action="next_phase"),
        finish([FAILURE[:80], CONFLICT[:80]]),
        leave("Two stories, both with figures."),
        repeat("behavioral_interviewer", "verdict"),
    )
    async with enter() as room:
        first = await room.say("A behavioral round, half an hour")
        probed = await room.say(FAILURE)
        reflected = await room.say(LESSON)
        second = await room.say("That I check least where I am surest.")
        closed = await room.say(CONFLICT)
    assert fake.exhausted
    guide: Any = questions()["time-you-failed"].guide
    assert first.text == questions()["time-you-failed"].brief.statement
    assert probed.text == guide.probes[0]
    assert reflected.text == guide.reflection[0]
    assert second.text not in (first.text, "")
    assert closed.text == "leaning hire"
    stepped = fake.requests[-3].results["interview_step"]
    assert stepped["phase"] == "probes_2"
    assert "check_solution" not in fake.requests[1].declarations
    assert "hint" not in fake.requests[4].results["interview_step"]["possible"]


async def test_a_system_design_round_through_all_its_phases(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    plan = {"minutes": 60, "question": "design-pastebin", "level": "senior"}
    designer = "system_design_interviewer"
    fake = gemini(
        hand_over("system_design", **plan),
        begin("system_design", **plan),
        give_the_brief,
        step("How many texts are created?", "Go ahead.", action="next_phase"),
        [text("5 million a day.")],
        step(DESIGN, "5 million a day.", action="next_phase"),
        step(action="next_phase", phase="deep_dives"),
        ask_from("menu"),
        step("It fails over to the other copy.", "What if it is down?", action="next_phase"),
        [text("What breaks first at ten times the load?")],
        step("The key value store's hot shard.", "What breaks first?"),
        finish([DESIGN[:80], DESIGN[160:240]], score=3),
        leave("A sound design in breadth; one deep dive."),
        repeat(designer, "average"),
    )
    async with enter() as room:
        await room.say("System design, please, senior, an hour")
        await room.say("How many texts are created?")
        await room.say(DESIGN)
        await room.say("It fails over to the other copy.")
        closed = await room.say("The key value store's hot shard.")
    assert fake.exhausted
    assert_trajectory(
        room.calls,
        called("coach", designer, **plan),
        called(designer, "start_interview", **plan),
        called(designer, "interview_step", action="next_phase"),
        called(designer, "interview_step", action="next_phase"),
        called(designer, "interview_step", phase="deep_dives"),
        called(designer, "interview_step", action="next_phase"),
        called(designer, "interview_step", candidate=...),
        called(designer, "finish_interview"),
        called(designer, "finish_task", round="system_design"),
    )
    last = fake.requests[-3].results["interview_step"]
    assert last["phase"] == "trade_offs"
    assert closed.text == "3.0"


async def test_an_ai_assisted_round_runs_what_is_handed_in(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    slug, assisted = "tool-shed-reminders", "ai_assisted_interviewer"
    code = questions()[slug].code
    assert code is not None
    careless, careful = code.wrong[1].code, code.solutions[0].code
    plan = "First the calendar of one loan, checked by hand, then the gathering by member."
    prompt = (
        "I told it: write line(loan, today), None unless a line is due; keep the README's rules."
    )
    proof = (
        "A grace of None and a grace of 0, on the day after each, worked out by hand beforehand."
    )
    fake = gemini(
        hand_over("ai_assisted", question=slug),
        begin("ai_assisted", question=slug),
        give_the_brief,
        step(plan, "What is there, and what comes first?", action="next_phase"),
        [text("What do you tell the assistant?")],
        step(f"{prompt}\n{careless}", "What do you tell it?", action="next_phase"),
        check(careless),
        repeat("check_solution", "status"),
        step(f"{proof}\n{careful}", "What did you find?", action="next_phase"),
        check(careful),
        repeat("check_solution", "status"),
        step("I trust it for that.", "What remains?"),
        finish([prompt, proof, plan]),
        leave("Handed in, repaired once, and verified."),
        repeat(assisted, "verdict"),
    )
    async with enter() as room:
        opened = await room.say("An AI-assisted round, as at Meta")
        await room.say(plan)
        failed = await room.say(f"{prompt}\n{careless}")
        passed = await room.say(f"{proof}\n{careful}")
        closed = await room.say("I trust it for that.")
    assert fake.exhausted
    assert "File reminders.py:" in opened.text
    assert "failed" in failed.text
    assert passed.text.startswith("All ")
    assert closed.text == "leaning hire"
    assert fake.requests[-1].results[assisted]["tests_failed"] == 0, "the last run counts"


async def test_an_open_round_is_handed_on_to_its_own_interviewer(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    fake = gemini(
        hand_over("system_design"),
        begin("system_design"),
        give_the_brief,
        step(DESIGN, "Go ahead.", action="pause"),
        leave("Paused."),
        [text("Paused.")],
        hand_over("coding"),
        begin("coding"),
        leave("A system design round is open."),
        lambda body: hand_over(results_in(body)["coding_interviewer"]["open_round"]),
        begin("system_design"),
        give_the_brief,
    )
    async with enter() as room:
        await room.say("System design")
        await room.say(DESIGN)
        await room.say("Go on with the interview")
    assert fake.exhausted
    card = fake.requests[9].results["coding_interviewer"]
    assert (card["verdict"], card["open_round"]) == ("no verdict", "system_design")
    assert "interview_id" not in card
    assert [call.agent for call in room.calls[-2:]] == ["coach", "system_design_interviewer"]
    assert fake.requests[-1].results["start_interview"]["resumed"]


async def test_a_round_of_a_loop_is_given_up_and_the_loop_goes_on(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    loop = {"company": "Meta", "level": "E5", "onsite": True}
    fake = gemini(
        hand_over("coding", **loop),
        begin("coding", **loop),
        give_the_brief,
        step(f"{IDEA} {COST}", "How would you begin?"),
        finish(IDEA[:60], score=2, outcome="failed", culprit_skill="linked-list"),
        leave("An idea, no code."),
        hand_over("ai_assisted", **loop),
        begin("ai_assisted", **loop),
        give_the_brief,
        step("I have to go.", "What comes first?", action="pause"),
        leave("Paused at the start."),
        [text("Paused.")],
        hand_over("ai_assisted", **loop, fresh=True),
        begin("ai_assisted", **loop, fresh=True),
        give_the_brief,
    )
    async with enter() as room:
        await room.say("A whole onsite at Meta, E5")
        await room.say(f"{IDEA} {COST}")
        await room.say("I have to go.")
        await room.say("Give that round up, and begin it anew")
    assert fake.exhausted
    paused = fake.requests[8].results["start_interview"]
    anew = fake.requests[-1].results["start_interview"]
    assert not anew["resumed"]
    assert anew["interview_id"] != paused["interview_id"]
    assert (anew["onsite"]["round"], anew["onsite"]["verdicts"][0]) == (2, "leaning no hire")


async def test_an_onsite_loop_goes_on_with_its_next_round(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    loop = {"company": "Meta", "level": "E5", "onsite": True}
    fake = gemini(
        hand_over("coding", **loop),
        begin("coding", **loop),
        give_the_brief,
        step(f"{IDEA} {COST}", "How would you begin?"),
        finish(IDEA[:60], score=2, outcome="failed", culprit_skill="linked-list"),
        leave("An idea, no code."),
        repeat("coding_interviewer", "onsite", "rounds"),
        lambda body: hand_over(
            results_in(body)["coding_interviewer"]["onsite"]["rounds"][1], **loop
        ),
        begin("ai_assisted", **loop),
        give_the_brief,
    )
    async with enter() as room:
        await room.say("A whole onsite at Meta, E5")
        told = await room.say(f"{IDEA} {COST}")
        await room.say("Next round")
    assert fake.exhausted
    assert told.text.startswith("['coding', 'ai_assisted'")
    standing = fake.requests[6].results["coding_interviewer"]["onsite"]
    assert (standing["round"], standing["verdicts"][0]) == (1, "leaning no hire")
    second = fake.requests[-1].results["start_interview"]
    assert (second["round"], second["onsite"]["round"]) == ("ai_assisted", 2)
    assert sum(of_coach(request) for request in fake.requests) == 3
