"""Finishing an interview: evidence checked, ceilings applied, verdict given, skills moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from maang_mcp.content.rounds import round_spec, rubric
from maang_mcp.domain.attempt import Attempt, Outcome, culprit_of
from maang_mcp.domain.errors import AlreadyFinished, UnknownInterview
from maang_mcp.domain.evidence import verify_quotes
from maang_mcp.domain.interview import (
    Finished,
    Interview,
    Speaker,
    Turn,
    active_seconds_at,
    advance,
)
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.domain.pacing import clock
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.rubric import FinalScore, Signals, apply_ceilings
from maang_mcp.domain.scrubbing import clean_text, scrub
from maang_mcp.domain.skills import SkillGraph
from maang_mcp.domain.verdict import Verdict, outcome_of, verdict

from .answers.interview import InterviewFinished
from .interview_views import finished_answer
from .questions import Questions
from .receipts import answered_before, digest, stored
from .requests import Scorecard

if TYPE_CHECKING:
    from db import Store

    from .backlog import Backlog
    from .indexing import Indexer
    from .recording import Recorder

SHORTEST_TIMED = 0.1
"""Minutes: an interview over in no time took at least this."""

TESTING_PHASE = "test"
"""The phase in which candidates are seen testing, in rounds that have one."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the server makes of a scorecard."""

    finals: tuple[FinalScore, ...]
    signals: Signals
    verdict: Verdict
    outcome: Outcome


class Grading:
    """The use-case that closes an interview."""

    def __init__(
        self,
        store: Store,
        questions: Questions,
        recorder: Recorder,
        backlog: Backlog,
        indexer: Indexer,
        graph: SkillGraph,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID],
    ) -> None:
        self._store = store
        self._questions = questions
        self._recorder = recorder
        self._backlog = backlog
        self._indexer = indexer
        self._graph = graph
        self._clock = clock
        self._new_id = new_id

    async def finish(self, learner: Learner, card: Scorecard) -> InterviewFinished:
        """The verdict on an interview; the same scorecard again is answered alike.

        Raises EvidenceNotFound for a quote nobody said, InvalidInput for an incomplete scorecard,
        UnknownInterview, and AlreadyFinished for one that was abandoned, has expired or was
        finished with another scorecard. Nothing is recorded then.
        """
        now = self._clock()
        request = digest(card)
        async with self._store.reading(learner.id) as uow:
            if known := await uow.interview.finished_with(card.interview_id):
                return _again(known, request, card.interview_id)
            interview = await uow.interview.get(card.interview_id)
            if interview is None:
                raise UnknownInterview(f"No interview goes by the id {card.interview_id}.")
            transcript = await uow.interview.transcript(card.interview_id)
            asked = await self._questions.asked(uow, interview.question)
        finished = advance(interview, Finished(), now, round_spec(interview.round))
        judged = _judge(interview, card, transcript, now)
        attempt = self._attempt(finished, card, judged, asked.problem, now)
        prepared = await self._recorder.prepare(learner.id, attempt, asked.problem)
        summary = self._summary(finished, card, judged, asked.problem, now)
        passages = await self._indexer.index(summary, asked.problem, learner=learner.id)
        async with self._store.writing(learner.id, learner.subject) as uow:
            if known := await uow.interview.finished_with(card.interview_id):
                return _again(known, request, card.interview_id)
            recorded = await self._recorder.record(
                uow, prepared, now, request=request, answer=lambda _: {}
            )
            await uow.interview.add_scores(finished.id, judged.finals)
            await uow.memory.add(
                summary,
                passages,
                recorded_at=now,
                embedder_identity=self._indexer.identity,
            )
            answer = finished_answer(
                finished, judged.verdict, judged.finals, judged.signals, recorded
            )
            await uow.interview.save(
                finished,
                before=interview.version,
                finished_at=now,
                request=request,
                verdict=stored(answer),
            )
        self._backlog.note(learner, [*prepared.passages, *passages])
        return answer

    def _attempt(
        self,
        interview: Interview,
        card: Scorecard,
        judged: Judgement,
        problem: Problem,
        now: datetime,
    ) -> Attempt:
        """The interview as one attempt at its question: what the learner model is told."""
        culprit = card.culprit_skill
        return Attempt(
            id=self._new_id(),
            problem=problem.slug,
            round=interview.round,
            outcome=judged.outcome,
            at=now,
            minutes=_solving_minutes(interview, problem),
            hints=interview.hints_given,
            mistakes=tuple(dict.fromkeys(card.mistakes)),
            culprit_skill=culprit_of(culprit, self._graph) if culprit else None,
            note=scrub(clean_text(card.summary).strip())[0],
            interview_id=interview.id,
        )

    def _summary(
        self,
        interview: Interview,
        card: Scorecard,
        judged: Judgement,
        problem: Problem,
        now: datetime,
    ) -> Memory:
        company = f" for {interview.company}" if interview.company else ""
        lines = [
            f"Mock {interview.round.replace('_', ' ')} interview{company}, {interview.level} "
            f"level, on {problem.title}: {judged.verdict.label}, average {judged.verdict.average}.",
            *(
                f"{final.dimension}: {final.score} of 4. {final.note}".strip()
                for final in judged.finals
            ),
            scrub(clean_text(card.summary).strip())[0],
        ]
        return Memory(
            id=self._new_id(),
            kind=MemoryKind.FEEDBACK,
            title=f"Mock interview: {problem.title}",
            content="\n".join(line for line in lines if line),
            occurred_at=now,
            tags=(*problem.skills, interview.round.value),
            problem=problem.slug,
            interview_id=interview.id,
        )


def _solving_minutes(interview: Interview, problem: Problem) -> float:
    """The time that counts against the problem's limit.

    An interview has a limit of its own, and its minutes hold much besides solving: within it the
    problem was solved in time, and beyond it by how much the interview was overrun.
    """
    taken = interview.active_seconds / 60
    overrun = taken - interview.minutes
    counted = problem.minutes + overrun if overrun > 0 else min(taken, problem.minutes)
    return max(round(counted, 1), SHORTEST_TIMED)


def _judge(
    interview: Interview, card: Scorecard, transcript: Sequence[Turn], now: datetime
) -> Judgement:
    standard = rubric(interview.round)
    spec = round_spec(interview.round)
    verify_quotes(card.scores, transcript)
    tested = (
        any(t.phase == TESTING_PHASE and t.speaker is Speaker.CANDIDATE for t in transcript)
        if TESTING_PHASE in spec.names
        else None
    )
    signals = Signals(
        hints_given=interview.hints_given,
        tests_failed=card.tests_failed,
        over_time=clock(interview, now, spec).over_time,
        tested=tested,
        minutes=active_seconds_at(interview, now) / 60,
    )
    finals = apply_ceilings(card.scores, signals, standard)
    return Judgement(
        finals,
        signals,
        verdict(finals, interview.level, standard),
        outcome_of(card.outcome, finals, signals, standard),
    )


def _again(
    known: tuple[str, Mapping[str, Any]], request: str, interview_id: UUID
) -> InterviewFinished:
    if known[0] != request:
        raise AlreadyFinished("That interview is finished, with other scores.")
    return answered_before(known, request, InterviewFinished, interview_id)
