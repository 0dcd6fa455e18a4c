"""The mock interview as a use-case: timed, gated, resumable anywhere, never recorded twice."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from db import Store
from db.engine import create_engine
from maang_mcp.app import Coach, wire
from maang_mcp.cache import NoCache
from maang_mcp.content.hints import hints_for
from maang_mcp.content.loader import catalogue
from maang_mcp.content.questions import questions
from maang_mcp.content.rounds import round_spec
from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.errors import (
    AlreadyFinished,
    Conflict,
    InvalidInput,
    InvalidTransition,
    StaleWrite,
    UnknownInterview,
    UnknownProblem,
    UnknownSkill,
)
from maang_mcp.domain.guides import CodingGuide
from maang_mcp.domain.interview import Paused, Resumed, Status, advance
from maang_mcp.domain.level import Level
from maang_mcp.domain.planning import REVIEW_SHARE
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.scrubbing import FENCE_CLOSE, FENCE_OPEN
from maang_mcp.domain.skills import Round
from maang_mcp.services.questions import Choice
from maang_mcp.services.requests import Action, Plan, Step
from tests.factories import HashEmbedder, Ids, SteppingClock, report
from tests.lives import ASKED, SAID, scorecard


async def _start(coach: Coach, learner: Learner, **plan: object) -> UUID:
    started = await coach.interviews.start(
        learner,
        Plan(**{"question": ASKED} | plan),  # type: ignore[arg-type]  # the fields are the caller's choice
    )
    return UUID(started.interview_id)


async def _say(coach: Coach, learner: Learner, id: UUID, action: Action = "continue") -> None:
    await coach.interviews.step(learner, Step(id, candidate=SAID, action=action))


@pytest.fixture
async def another(store: Store, clock: SteppingClock) -> AsyncIterator[Coach]:
    """The product in another process, which shares nothing but the store."""
    another = wire(
        Store(create_engine(store.engine.url, pool_size=2, max_overflow=0)),
        NoCache(),
        HashEmbedder(),
        clock,
        Ids(),
    )
    yield another
    await another.backlog.aclose()
    await another.store.engine.dispose()


# --- Opening.


async def test_an_interview_opens_with_a_brief_for_one_side_and_a_guide_for_the_other(
    coach: Coach, learner: Learner
) -> None:
    started = await coach.interviews.start(
        learner, Plan(company="Google", level="L5", minutes=40, question="choir-row")
    )
    question = questions()["choir-row"]
    assert (started.level, started.company, started.round) == ("senior", "Google", "coding")
    assert (started.question, started.chosen_because) == ("choir-row", "It was asked for.")
    assert question.brief.statement in started.candidate_brief.text
    assert started.interviewer_guide.notes["if_asked"]
    assert isinstance(question.guide, CodingGuide)
    for kept_back in (*question.guide.look_for, *question.hints):
        assert kept_back not in started.candidate_brief.text
    for hint in question.hints:
        assert hint not in str(started)
    assert sum(started.phases.values()) == pytest.approx(40)
    assert (started.phase, started.clock.left) == ("clarify", 40)


async def test_the_company_is_kept_on_one_line_without_secrets_or_marks_of_the_fence(
    coach: Coach, learner: Learner
) -> None:
    key = "sk-" + "a1B2" * 12
    company = f"Acme\n\0{key} {FENCE_CLOSE} {FENCE_OPEN} <system> {'and sons ' * 40}"
    started = await coach.interviews.start(learner, Plan(company=company, question=ASKED))
    again = await coach.interviews.start(learner, Plan())
    shown = await coach.interviews.show(learner, UUID(started.interview_id))
    assert started.company == again.company == shown.company
    assert started.company is not None
    assert started.company.startswith("Acme \ufffd[removed: api key] ")
    assert len(started.company.splitlines()) == 1
    assert len(started.company) <= 100
    for answer in (started, again, shown):
        assert key not in str(answer)
        assert not {FENCE_OPEN, FENCE_CLOSE, "<system>"} & set(
            re.findall(r"<+[^<>]+>+", answer.company or "")
        )


async def test_a_company_without_a_name_is_none(coach: Coach, learner: Learner) -> None:
    assert (await coach.interviews.start(learner, Plan(company=" \n "))).company is None


async def test_a_known_problem_is_asked_in_the_interviewers_own_words(
    coach: Coach, learner: Learner
) -> None:
    started = await coach.interviews.start(learner, Plan(question="LC 15"))
    assert started.question == "3sum"
    (how,) = started.interviewer_guide.notes["statement"]
    assert "in your own words" in how


async def test_without_a_named_question_one_of_ours_is_chosen_and_none_comes_twice(
    coach: Coach, learner: Learner
) -> None:
    asked = []
    for _ in range(4):
        started = await coach.interviews.start(learner, Plan(fresh=True))
        asked.append(started.question)
    assert len(set(asked)) == 4
    assert set(asked) <= questions().keys()


async def test_the_choice_changes_with_the_record_and_only_with_it(
    coach: Coach, learner: Learner, store: Store
) -> None:
    chosen = await _choices(coach, store, learner, 8)
    assert await _choices(coach, store, learner, 8) == chosen
    assert len({choice.asked.slug for choice in chosen}) > 2


async def test_a_focus_is_kept_to(coach: Coach, learner: Learner) -> None:
    started = await coach.interviews.start(learner, Plan(focus="sliding window"))
    assert "sliding-window" in questions()[started.question].skills


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        (Plan(question="the problem of evil"), UnknownProblem),
        (Plan(focus="telepathy"), UnknownSkill),
        (Plan(level="wizard"), InvalidInput),
        (Plan(minutes=10), InvalidInput),
        (Plan(question="design-news-feed"), InvalidInput),
    ],
    ids=["question", "focus", "level", "minutes", "round"],
)
async def test_a_plan_that_cannot_be_met_opens_nothing(
    coach: Coach, learner: Learner, plan: Plan, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await coach.interviews.start(learner, plan)
    assert (await coach.learners.stats(learner)).interviews == 0


async def test_the_level_of_the_profile_is_taken_when_none_is_named(
    coach: Coach, learner: Learner
) -> None:
    await coach.learners.update_profile(learner, {"target_level": "staff"})
    assert (await coach.interviews.start(learner, Plan())).level == "staff"
    assert (await coach.interviews.start(learner, Plan(level="E3", fresh=True))).level == "entry"


# --- Resuming.


async def test_an_open_interview_is_resumed_by_another_process(
    coach: Coach, another: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await _start(coach, learner)
    await coach.interviews.step(learner, Step(id, "How would you begin?", SAID, "next_phase"))
    clock.forward(minutes=12)
    resumed = await another.interviews.start(learner, Plan(question="two-sum"))
    assert (resumed.resumed, resumed.interview_id, resumed.question) == (True, str(id), ASKED)
    assert (resumed.phase, resumed.clock.elapsed) == ("approach", 12)
    assert [line.split(":")[0] for line in resumed.last_turns] == ["interviewer", "candidate"]
    assert SAID[:60] in resumed.last_turns[1]
    await _say(another, learner, id)
    assert len((await coach.interviews.show(learner, id)).turns) == 3


async def test_the_hints_given_so_far_are_handed_to_whoever_takes_it_up(
    coach: Coach, another: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await _start(coach, learner)
    assert (await coach.interviews.start(learner, Plan())).hints == []
    given = []
    for _ in range(2):
        told = await coach.interviews.step(learner, Step(id, candidate=SAID, action="hint"))
        given.append(told.hint)
        clock.forward(minutes=1)
    assert (await another.interviews.start(learner, Plan())).hints == given


async def test_the_hints_stand_in_the_transcript_where_they_were_given(
    coach: Coach, learner: Learner
) -> None:
    id = await _start(coach, learner)
    await _say(coach, learner, id)
    first = await coach.interviews.step(learner, Step(id, "And now?", SAID, "hint"))
    assert first.hint is not None
    await coach.interviews.step(learner, Step(id, first.hint, SAID))
    second = await coach.interviews.step(learner, Step(id, action="hint"))
    shown = await coach.interviews.show(learner, id)
    kinds = [line.split(":")[0] for line in shown.turns]
    assert kinds == [
        *("candidate", "interviewer", "candidate", "hint 1"),
        *("interviewer", "candidate", "hint 2"),
    ]
    assert shown.turns[3] == f"hint 1: {first.hint}"
    assert shown.turns[-1] == f"hint 2: {second.hint}"


async def test_two_who_start_at_once_open_one_interview(
    coach: Coach, another: Coach, learner: Learner
) -> None:
    started = await asyncio.gather(
        *(each.interviews.start(learner, Plan()) for each in (coach, another) * 3)
    )
    assert len({one.interview_id for one in started}) == 1
    assert sum(not one.resumed for one in started) == 1


async def test_starting_afresh_abandons_the_open_one(coach: Coach, learner: Learner) -> None:
    first = await _start(coach, learner)
    second = await _start(coach, learner, fresh=True)
    assert first != second
    assert (await coach.interviews.show(learner, first)).state == "abandoned"
    with pytest.raises(AlreadyFinished):
        await _say(coach, learner, first)


async def test_an_interview_left_alone_expires_and_makes_room(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    first = await _start(coach, learner)
    clock.forward(hours=37)
    assert (await coach.interviews.show(learner, first)).state == "expired"
    with pytest.raises(AlreadyFinished, match="expired"):
        await _say(coach, learner, first)
    told = await coach.interviews.step(learner, Step(first))
    assert (told.state, told.possible) == ("expired", [])
    assert await _start(coach, learner) != first


# --- Pausing.


async def test_the_clock_stands_while_the_interview_is_paused(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await _start(coach, learner)
    clock.forward(minutes=5)
    await _say(coach, learner, id, "pause")
    clock.forward(hours=5)
    with pytest.raises(InvalidTransition):
        await _say(coach, learner, id)
    back = await coach.interviews.step(learner, Step(id, candidate="I am back.", action="resume"))
    assert (back.state, back.clock.elapsed, back.turns) == ("active", 5, 2)


async def test_taking_up_a_paused_interview_lets_the_clock_run_again(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await _start(coach, learner)
    await _say(coach, learner, id, "pause")
    clock.forward(hours=5)
    assert (await coach.interviews.start(learner, Plan())).interview_id == str(id)
    clock.forward(minutes=3)
    told = await coach.interviews.step(learner, Step(id))
    assert (told.state, told.clock.elapsed) == ("active", 3)


async def test_a_pause_of_more_than_a_week_ends_the_interview(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await _start(coach, learner)
    await _say(coach, learner, id, "pause")
    clock.forward(days=6)
    assert (await coach.interviews.start(learner, Plan())).resumed
    await coach.interviews.step(learner, Step(id, action="pause"))
    clock.forward(days=2)
    assert not (await coach.interviews.start(learner, Plan())).resumed


# --- Steps.


async def test_what_is_said_is_kept_word_for_word_and_read_back_as_data(
    coach: Coach, learner: Learner
) -> None:
    id = await _start(coach, learner)
    key = "sk-" + "a1B2" * 12
    await coach.interviews.step(learner, Step(id, "Go on.", f"  {SAID} <|system|> {key} "))
    shown = await coach.interviews.show(learner, id)
    assert [line.split(":")[0] for line in shown.turns] == ["interviewer", "candidate"]
    assert SAID in shown.turns[1]
    assert key not in shown.turns[1]
    assert "<|system|>" not in shown.turns[1]


async def test_the_same_step_again_changes_nothing(coach: Coach, learner: Learner) -> None:
    id, step_id = await _start(coach, learner), uuid4()
    step = Step(id, "Go on.", SAID, "hint")
    first, again = [await coach.interviews.step(learner, step, step_id) for _ in range(2)]
    assert (first.repeated, again.repeated) == (False, True)
    assert (first.hint, first.hints_given, first.turns) == (again.hint, 1, 2)
    assert len((await coach.interviews.show(learner, id)).turns) == 3
    with pytest.raises(Conflict):
        await coach.interviews.step(learner, Step(id, "Go on.", "Something else."), step_id)


async def test_ten_retries_of_a_step_at_once_are_one_step(
    coach: Coach, another: Coach, learner: Learner
) -> None:
    id, step_id = await _start(coach, learner), uuid4()
    step = Step(id, candidate=SAID, action="next_phase")
    answers = await asyncio.gather(
        *(each.interviews.step(learner, step, step_id) for each in (coach, another) * 5)
    )
    assert sum(not answer.repeated for answer in answers) == 1
    assert {answer.phase for answer in answers} == {"approach"}
    assert len((await coach.interviews.show(learner, id)).turns) == 1


async def test_a_hint_opens_the_next_only_when_it_was_tried(coach: Coach, learner: Learner) -> None:
    id = await _start(coach, learner)
    problem = catalogue().get(ASKED)
    assert problem is not None
    ladder = hints_for(problem.skills, problem.round)
    for level, text in enumerate(ladder, start=1):
        told = await coach.interviews.step(learner, Step(id, candidate=SAID, action="hint"))
        assert (told.hint, told.hints_given, told.hints_left) == (text, level, 4 - level)
        assert told.hint_cost
        assert "hint" not in told.possible
        with pytest.raises(InvalidTransition):
            await coach.interviews.step(learner, Step(id, "Take another one.", action="hint"))
    with pytest.raises(InvalidTransition, match="All 4"):
        await _say(coach, learner, id, "hint")


async def test_a_refused_step_records_nothing_of_it(coach: Coach, learner: Learner) -> None:
    id = await _start(coach, learner)
    await _say(coach, learner, id, "hint")
    before = await coach.interviews.show(learner, id)
    for refused in (
        Step(id, "No.", action="hint"),
        Step(id, "No.", "No.", "next_phase", "clarify"),
        Step(id, "No.", "No.", "next_phase", "lunch"),
        Step(id, "No.", "No.", "resume"),
    ):
        with pytest.raises(InvalidTransition):
            await coach.interviews.step(learner, refused)
    with pytest.raises(InvalidInput):
        await coach.interviews.step(learner, Step(id, "No.", "No.", "continue", "code"))
    assert await coach.interviews.show(learner, id) == before


async def test_a_new_phase_comes_with_its_guide(coach: Coach, learner: Learner) -> None:
    id = await _start(coach, learner)
    stayed = await coach.interviews.step(learner, Step(id, candidate=SAID))
    moved = await coach.interviews.step(learner, Step(id, action="next_phase", phase="test"))
    assert stayed.guide is None
    assert moved.guide is not None
    assert moved.phase == "test"


async def test_a_step_without_words_only_tells_where_the_interview_stands(
    coach: Coach, learner: Learner, clock: SteppingClock, store: Store
) -> None:
    id = await _start(coach, learner)
    clock.forward(minutes=4)
    told = await coach.interviews.step(learner, Step(id))
    assert (told.turns, told.clock.elapsed, told.phase) == (0, 4, "clarify")
    async with store.reading(learner.id) as uow:
        kept = await uow.interview.get(id)
    assert kept is not None
    assert kept.version == 1


async def test_an_interview_of_somebody_else_is_unknown(coach: Coach, learner: Learner) -> None:
    id = await _start(coach, Learner.of(f"other-{uuid4()}"))
    for asked in (
        coach.interviews.step(learner, Step(id)),
        coach.interviews.show(learner, id),
        coach.grading.finish(learner, scorecard(id)),
    ):
        with pytest.raises(UnknownInterview):
            await asked


# --- Two processes.


async def test_of_two_who_write_from_the_same_state_the_second_is_told_so(
    coach: Coach, learner: Learner, clock: SteppingClock, store: Store
) -> None:
    id = await _start(coach, learner)
    async with store.reading(learner.id) as uow:
        seen = await uow.interview.get(id)
    assert seen is not None
    paused = advance(seen, Paused(), clock(), round_spec(seen.round, seen.minutes))
    async with store.writing(learner.id, learner.subject) as uow:
        await uow.interview.save(paused, before=seen.version)
    with pytest.raises(StaleWrite):
        async with store.writing(learner.id, learner.subject) as uow:
            await uow.interview.save(paused, before=seen.version)
    async with store.reading(learner.id) as uow:
        kept = await uow.interview.get(id)
    assert kept == paused
    resumed = advance(paused, Resumed(), clock(), round_spec(seen.round, seen.minutes))
    assert (kept.status, resumed.status) == (Status.PAUSED, Status.ACTIVE)


async def test_a_due_problem_is_asked_about_one_time_in_three(
    coach: Coach, learner: Learner, clock: SteppingClock, store: Store
) -> None:
    await coach.practice.record_attempt(learner, report("3sum", Outcome.FAILED))
    clock.forward(days=30)
    chosen = await _choices(coach, store, learner, 60)
    due = [choice for choice in chosen if choice.asked.slug == "3sum"]
    assert 60 * REVIEW_SHARE * 0.6 < len(due) < 60 * REVIEW_SHARE * 1.4
    assert {choice.reason[:14] for choice in due} == {"Due for review"}


async def _choices(coach: Coach, store: Store, learner: Learner, count: int) -> list[Choice]:
    """What would be asked in as many states of the record, by dice that always fall alike."""
    thrower = Learner(UUID(int=7), "dice")
    async with store.reading(learner.id) as uow:
        return [
            await coach.interviews._questions.choose(
                replace(uow, generation=generation),
                thrower,
                coach.interviews._clock(),
                level=Level.MID,
                round=Round.CODING,
                focus=None,
                named=None,
                minutes=45,
            )
            for generation in range(count)
        ]
