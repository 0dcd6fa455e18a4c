"""Running a candidate's code against a question's tests, and keeping what it has shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from maang_mcp.content.questions import questions
from maang_mcp.content.rounds import round_spec
from maang_mcp.domain.checking import (
    LONGEST_CODE,
    CaseStatus,
    CheckReport,
    VisibleCase,
    unfenced,
)
from maang_mcp.domain.errors import InvalidInput, UnknownInterview
from maang_mcp.domain.interview import CodeChecked, Interview, Status, advance, expire_if_stale
from maang_mcp.domain.pacing import Clock, clock
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.scrubbing import clean_text, scrub
from maang_mcp.domain.solution_check import SolutionCheck

from .answers.interview import SolutionChecked, VisibleTest
from .interview_views import clock_shown
from .shelf import ours_named

if TYPE_CHECKING:
    from db import Store
    from maang_mcp.sandbox import Sandbox

_WITHOUT_RESULT: Final = frozenset({CaseStatus.NOT_RUN, CaseStatus.UNVERIFIABLE})


class Checking:
    """The use-case that runs code."""

    def __init__(
        self,
        store: Store,
        sandbox: Sandbox,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID],
    ) -> None:
        self._store = store
        self._sandbox = sandbox
        self._clock = clock
        self._new_id = new_id

    async def check(
        self, learner: Learner, code: str, interview_id: UUID | None, question: str | None
    ) -> SolutionChecked:
        """Runs the code against the tests of an interview's question, or of one that is named.

        The last run of an open interview is what its verdict goes by. Raises UnknownInterview, and
        InvalidInput without code or for a question that has no tests of ours.
        """
        code = unfenced(code)
        if not code.strip():
            raise InvalidInput("There is no code to run.", hint="Pass the whole solution.")
        if len(code) > LONGEST_CODE:
            raise InvalidInput(f"The code is longer than {LONGEST_CODE:,} characters.")
        interview = await self._interview(learner, interview_id, question)
        ours = ours_named(question) if question else None
        if not question and interview is not None:
            ours = questions().get(interview.question)
        if ours is None or ours.code is None:
            raise InvalidInput(
                "There are no tests of ours for that question.",
                hint="Have the candidate trace a case by hand, and count failed cases in "
                "`tests_failed` of `finish_interview`.",
            )
        report = await self._sandbox.check(ours.code, code, learner=learner.id)
        slug = ours.slug
        now = self._clock()
        if interview is not None and slug not in interview.questions:
            interview = None
        if interview is not None:
            interview = await self._keep(learner, interview, slug, code, report, now)
        return _answer(slug, report, interview, now)

    async def _interview(
        self, learner: Learner, interview_id: UUID | None, question: str | None
    ) -> Interview | None:
        """The interview the code is for: the one of that id, or else the one that is open."""
        async with self._store.reading(learner.id) as uow:
            if interview_id is None:
                found = next(iter(await uow.interview.open_ones()), None)
            else:
                found = await uow.interview.get(interview_id)
        if found is None and (interview_id is not None or not question):
            raise UnknownInterview(
                "No interview is open."
                if interview_id is None
                else f"No interview goes by the id {interview_id}.",
                hint="Open one with `start_interview`, or name a `question` of ours.",
            )
        return found

    async def _keep(
        self,
        learner: Learner,
        interview: Interview,
        question: str,
        code: str,
        report: CheckReport,
        now: datetime,
    ) -> Interview:
        """Puts the run on record and the interview's clock forward, unless it is over by now."""
        # Code that uses up the time of all tests fails those that it leaves none for.
        passed, failed, not_run = _counts(report)
        check = SolutionCheck(
            id=self._new_id(),
            interview_id=interview.id,
            question=question,
            code=scrub(clean_text(code))[0],
            passed=passed,
            failed=failed + not_run,
            verified=report.cannot_verify is None,
            at=now,
        )
        spec = round_spec(interview.round, interview.minutes)
        async with self._store.writing(learner.id, learner.subject) as uow:
            before = await uow.interview.get(interview.id)
            if before is None:
                raise UnknownInterview("That interview was erased while the code ran.")
            current = expire_if_stale(before, now)
            if not current.status.is_final:
                current = advance(before, CodeChecked(), now, spec)
                await uow.interview.save(current, before=before.version)
                await uow.checks.add(check)
        return current


def _counts(report: CheckReport) -> tuple[int, int, int]:
    """Tests passed, failed and not run; code that does not load fails its one chance."""
    if report.problem is not None:
        return 0, 1, 0
    shown = [case.status for case in report.visible]
    visible = [
        None if status in _WITHOUT_RESULT else status is CaseStatus.PASSED for status in shown
    ]
    results = [*visible, *(case.passed for case in report.hidden)]
    return results.count(True), results.count(False), results.count(None) - report.unverified


def _answer(
    slug: str, report: CheckReport, interview: Interview | None, now: datetime
) -> SolutionChecked:
    passed, failed, not_run = _counts(report)
    time = None
    if interview is not None:
        time = clock(interview, now, round_spec(interview.round, interview.minutes))
    return SolutionChecked(
        status=" ".join([_status(report, passed, failed, not_run), *_aside(interview, time)]),
        question=slug,
        verified=report.cannot_verify is None,
        passed=passed,
        failed=failed,
        not_run=not_run,
        visible=[_visible(case) for case in report.visible],
        hidden_failed=dict(
            Counter(case.aspect.value for case in report.hidden if case.passed is False)
        ),
        clock=None if time is None else clock_shown(time),
        next_actions=_next_actions(interview),
    )


def _aside(interview: Interview | None, time: Clock | None) -> list[str]:
    """What the interview adds to what the tests have shown."""
    if interview is None or time is None:
        return []
    if interview.status.is_final:
        return [f"The interview is over ({interview.status}): this run does not count in it."]
    return ["The interview's time is over: finish it."] if time.over_time else []


def _next_actions(interview: Interview | None) -> list[str]:
    if interview is None:
        return ["record_attempt"]
    if interview.status is Status.FINISHED:  # its attempt is on record
        return ["next_problem", "start_interview"]
    if interview.status.is_final:
        return ["record_attempt", "start_interview"]
    return ["interview_step", "finish_interview"]


def _status(report: CheckReport, passed: int, failed: int, not_run: int) -> str:
    if report.cannot_verify is not None:
        return f"Cannot be verified here, which is no failure: {report.cannot_verify}"
    if report.problem is not None:
        where = f" (line {report.problem.line})" if report.problem.line else ""
        return f"The code does not load: {report.problem.message}{where}"
    if report.all_passed:
        return f"All {passed} tests passed."
    late = f", {not_run} not run: time was up" if not_run else ""
    unknown = f", {report.unverified} cannot be verified here" if report.unverified else ""
    return f"{passed} tests passed, {failed} failed{unknown}{late}."


def _visible(case: VisibleCase) -> VisibleTest:
    return VisibleTest(
        result=case.status.value,
        given=case.given,
        expected=case.expected,
        answer=case.answer or None,
        error=case.error or None,
        output=case.output or None,
    )
