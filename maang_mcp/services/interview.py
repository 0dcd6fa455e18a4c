"""The mock interview: opened, stepped through and finished, from any client and any process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from maang_mcp.content.companies import spelt
from maang_mcp.content.rounds import round_spec
from maang_mcp.domain.agenda import RoundSpec
from maang_mcp.domain.errors import InvalidInput, UnknownInterview
from maang_mcp.domain.interview import (
    Abandoned,
    Event,
    HintRequested,
    Interview,
    Paused,
    PhaseMoved,
    Resumed,
    Status,
    TurnsAppended,
    advance,
    expire_if_stale,
    next_hint,
    open_interview,
)
from maang_mcp.domain.level import Level, resolve_level
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.scrubbing import clean_text, scrub
from maang_mcp.domain.transcript import Speaker, Turn

from .answers.interview import InterviewShown, InterviewStarted, InterviewStepped
from .hints_given import hints_given
from .interview_views import shown, started_answer, stepped_answer
from .onsite import as_planned, asked_of, next_round, standing_of, waiting
from .questions import Choice, Questions
from .receipts import answered_before, digest, stored
from .requests import Plan, Step
from .spoken import keep_spoken

if TYPE_CHECKING:
    from db import Store, UnitOfWork
    from maang_mcp.domain.search import IndexedPassage

    from .backlog import Backlog
    from .indexing import Indexer

LONGEST_COMPANY = 100
LAST_TURNS = 4
"""Turns read back to a client that takes an interview up again."""


class Interviews:
    """Use-cases over mock interviews."""

    def __init__(
        self,
        store: Store,
        questions: Questions,
        indexer: Indexer,
        backlog: Backlog,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID],
    ) -> None:
        self._store = store
        self._questions = questions
        self._indexer = indexer
        self._backlog = backlog
        self._clock = clock
        self._new_id = new_id

    async def start(self, learner: Learner, plan: Plan) -> InterviewStarted:
        """Opens an interview, or takes up the one that is still open.

        Raises InvalidInput for a round, level or length there is none of, and UnknownProblem for
        a question nobody knows.
        """
        now = self._clock()
        async with self._store.writing(learner.id, learner.subject) as uow:
            running = await self._still_open(uow, now)
            if running is not None and not plan.fresh:
                news = await asked_of(uow, plan, _company(plan.company), running)
                return await self._resume(uow, running, now, news)
            if running is not None:
                spec = round_spec(running.round, running.minutes)
                await uow.interview.save(
                    advance(running, Abandoned(), now, spec), before=running.version
                )
            level, company = await _level(uow, plan), _company(plan.company)
            loop: tuple[UUID, int] | None = None
            if plan.onsite:
                whole, position, news = await next_round(
                    uow, plan, level, company, now, self._new_id
                )
                plan = as_planned(plan, whole, position)
                level, company, loop = whole.level, whole.company, (whole.id, position)
            else:
                ahead = await waiting(uow, now)
                news = f"It is no part of a loop; {ahead} waits for onsite." if ahead else ""
            spec = round_spec(plan.round, plan.minutes)
            choice = await self._questions.choose(
                uow,
                learner,
                now,
                level=level,
                round=plan.round,
                focus=plan.focus,
                named=plan.question,
                minutes=plan.minutes,
                count=spec.phases[-1].part,
            )
            interview = open_interview(
                self._new_id(),
                spec,
                question=choice.asked.slug,
                level=level,
                minutes=plan.minutes,
                at=now,
                company=company,
                further=choice.further,
                loop=loop,
            )
            await uow.interview.add(interview)
            onsite = await standing_of(uow, interview)
        return started_answer(interview, choice, now, onsite=onsite, news=news)

    async def step(
        self, learner: Learner, step: Step, step_id: UUID | None = None
    ) -> InterviewStepped:
        """Records what was said, findable from then on, then does what is asked; the same id again
        changes nothing.

        Raises UnknownInterview, InvalidTransition for what the phase or the hint gate does not
        allow, and AlreadyFinished; nothing of the step is recorded then.
        """
        now = self._clock()
        request = digest(step)
        unembedded: list[IndexedPassage] = []
        async with self._store.writing(learner.id, learner.subject) as uow:
            if step_id is not None:
                known = await uow.interview.answered_step(step.interview_id, step_id)
                if known is not None:
                    return answered_before(known, request, InterviewStepped, step_id)
            before = await self._get(uow, step.interview_id)
            spec = round_spec(before.round, before.minutes)
            turns = _turns(step, before, now)
            interview, hint = expire_if_stale(before, now), None
            for event in _events(step, turns):
                if isinstance(event, HintRequested):
                    hinted = await self._questions.asked(uow, interview.question)
                    _, hint = next_hint(interview, hinted.hints)
                interview = advance(interview, event, now, spec)
            if interview is not before:
                await uow.interview.append_turns(interview.id, turns)
                await uow.interview.save(interview, before=before.version)
                unembedded = await keep_spoken(uow, self._indexer, interview, turns, hint, now)
            asked = None
            if interview.phase != before.phase:
                asked = await self._questions.asked(uow, question_at(interview, spec))
            answer = stepped_answer(interview, now, before=before, hint=hint, asked=asked)
            if step_id is not None:
                await uow.interview.remember_step(interview.id, step_id, request, stored(answer))
        self._backlog.note(learner, unembedded, now)
        return answer

    async def show(self, learner: Learner, interview_id: UUID) -> InterviewShown:
        """One interview with its transcript. Raises UnknownInterview."""
        async with self._store.reading(learner.id) as uow:
            interview = await self._get(uow, interview_id)
            turns = await uow.interview.transcript(interview_id)
            hints = await hints_given(uow, interview)
            known = await uow.interview.finished_with(interview_id)
        current = expire_if_stale(interview, self._clock())
        return shown(current, turns, hints, known[1]["verdict"] if known else None)

    async def _still_open(self, uow: UnitOfWork, now: datetime) -> Interview | None:
        """The interview that can be taken up; stale ones are closed on the way."""
        for interview in await uow.interview.open_ones():
            current = expire_if_stale(interview, now)
            if not current.status.is_final:
                return interview
            await uow.interview.save(current, before=interview.version)
        return None

    async def _resume(
        self, uow: UnitOfWork, interview: Interview, now: datetime, news: str
    ) -> InterviewStarted:
        spec = round_spec(interview.round, interview.minutes)
        asked = await self._questions.asked(uow, question_at(interview, spec))
        check = await uow.checks.latest(interview.id)
        turns = await uow.interview.transcript(interview.id)
        if interview.status is Status.PAUSED:
            paused = interview
            interview = advance(paused, Resumed(), now, spec)
            await uow.interview.save(interview, before=paused.version)
        return started_answer(
            interview,
            Choice(asked, "It was still open; set fresh to begin another instead."),
            now,
            resumed=True,
            turns=turns[-LAST_TURNS:],
            hints=[hint.text for hint in await hints_given(uow, interview)],
            last_code=check.code if check else None,
            onsite=await standing_of(uow, interview),
            news=news,
        )

    async def _get(self, uow: UnitOfWork, interview_id: UUID) -> Interview:
        interview = await uow.interview.get(interview_id)
        if interview is None:
            raise UnknownInterview(f"No interview goes by the id {interview_id}.")
        return interview


def question_at(interview: Interview, spec: RoundSpec) -> str:
    """The question its phase is about; the last one where the agenda has grown since it began."""
    part = min(spec.phase(interview.phase).part, len(interview.questions))
    return interview.questions[part - 1]


async def _level(uow: UnitOfWork, plan: Plan) -> Level:
    wanted = plan.level or (await uow.learner.profile()).target_level
    return resolve_level(wanted, plan.company) if wanted else Level.MID


def _company(told: str | None) -> str | None:
    """The company on one line, as the store may hold it, in its own spelling when it is known."""
    name, _ = scrub(" ".join(clean_text(told or "").split()))
    return spelt(name[:LONGEST_COMPANY].rstrip()) or None


def _turns(step: Step, interview: Interview, now: datetime) -> list[Turn]:
    said = ((Speaker.INTERVIEWER, step.interviewer), (Speaker.CANDIDATE, step.candidate))
    texts = [(speaker, scrub(clean_text(text).strip())[0]) for speaker, text in said]
    spoken = [(speaker, text) for speaker, text in texts if text]
    return [
        Turn(interview.turns + 1 + index, speaker, interview.phase, text, now)
        for index, (speaker, text) in enumerate(spoken)
    ]


def _events(step: Step, turns: Sequence[Turn]) -> list[Event]:
    """What happens in a step, in order: a break ends before words are said, begins after."""
    events: list[Event] = []
    if step.phase is not None and step.action != "next_phase":
        raise InvalidInput(
            "A phase can only be named when moving on.", hint="Set action=next_phase."
        )
    if step.action == "resume":
        events.append(Resumed())
    if turns:
        candidate = sum(turn.speaker is Speaker.CANDIDATE for turn in turns)
        events.append(TurnsAppended(candidate, len(turns) - candidate))
    match step.action:
        case "hint":
            events.append(HintRequested())
        case "next_phase":
            events.append(PhaseMoved(step.phase))
        case "pause":
            events.append(Paused())
        case "abandon":
            events.append(Abandoned())
        case "continue" | "resume":
            pass
    return events
