"""Finishing an interview: evidence checked, ceilings applied, verdict given, skills moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any
from uuid import UUID

from maang_mcp.content.rounds import round_spec
from maang_mcp.domain.attempt import Attempt, culprit_of
from maang_mcp.domain.errors import AlreadyFinished, StaleWrite, UnknownInterview
from maang_mcp.domain.interview import Finished, Interview, Status, advance, expire_if_stale
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.scrubbing import clean_text, scrub
from maang_mcp.domain.skills import SkillGraph

from .answers.interview import InterviewFinished
from .interview_views import finished_answer
from .judging import Judgement, judge, solving_minutes, told
from .onsite import standing_of
from .questions import Questions
from .receipts import answered_before, digest, stored
from .requests import Scorecard

if TYPE_CHECKING:
    from db import Store

    from .backlog import Backlog
    from .indexing import Indexer
    from .recording import Recorder


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
        try:
            return await self._finish(learner, card)
        except StaleWrite:  # a step or a check came in between, and is to be judged too
            return await self._finish(learner, card)

    async def _finish(self, learner: Learner, card: Scorecard) -> InterviewFinished:
        now = self._clock()
        request = digest(card)
        async with self._store.reading(learner.id) as uow:
            if known := await uow.interview.finished_with(card.interview_id):
                return _again(known, request, card.interview_id)
            interview = await uow.interview.get(card.interview_id)
            if interview is None:
                raise UnknownInterview(f"No interview goes by the id {card.interview_id}.")
            transcript = await uow.interview.transcript(card.interview_id)
            # One interview is one observation, however many questions it asked: an attempt at the
            # first one, so that no estimate rests on more than was seen.
            asked, *further = [
                await self._questions.asked(uow, slug) for slug in interview.questions
            ]
            # What cannot be run says nothing against what has been.
            check = await uow.checks.latest(
                card.interview_id, verified=True
            ) or await uow.checks.latest(card.interview_id)
        if expire_if_stale(interview, now).status is Status.EXPIRED:
            raise AlreadyFinished(
                "That interview has expired and cannot be scored any more.",
                hint=f"What was said stays in maang://interviews/{interview.id}; begin another "
                "with `start_interview`.",
            )
        spec = round_spec(interview.round, interview.minutes)
        finished = advance(interview, Finished(), now, spec)
        question, problem = asked.question, asked.problem
        read = [*told(asked, interview.hints_given), *chain.from_iterable(map(told, further))]
        judged = judge(interview, card, transcript, now, question=question, check=check, told=read)
        attempt = self._attempt(finished, card, judged, problem, now)
        prepared = self._recorder.prepare(attempt, problem)
        summary = self._summary(finished, card, judged, problem, now)
        passages = self._indexer.index(summary, problem)
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
                finished,
                judged.verdict,
                judged.finals,
                judged.signals,
                recorded,
                question=question,
                onsite=await standing_of(uow, finished, judged.verdict.label.value),
            )
            await uow.interview.save(
                finished,
                before=interview.version,
                finished_at=now,
                request=request,
                verdict=stored(answer),
            )
        self._backlog.note(learner, [*prepared.passages, *passages], now)
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
            minutes=solving_minutes(interview, problem),
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


def _again(
    known: tuple[str, Mapping[str, Any]], request: str, interview_id: UUID
) -> InterviewFinished:
    if known[0] != request:
        raise AlreadyFinished("That interview is finished, with other scores.")
    return answered_before(known, request, InterviewFinished, interview_id)
