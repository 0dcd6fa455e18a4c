"""Running a candidate's code against a question's tests, and keeping what it has shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from maang_mcp.content.questions import questions
from maang_mcp.domain.checking import CaseStatus, CheckReport, VisibleCase
from maang_mcp.domain.errors import InvalidInput, UnknownInterview
from maang_mcp.domain.interview import Interview, Status, expire_if_stale
from maang_mcp.domain.naming import slugify
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.scrubbing import clean_text, scrub
from maang_mcp.domain.solution_check import SolutionCheck

from .answers.interview import SolutionChecked, VisibleTest

if TYPE_CHECKING:
    from db import Store
    from maang_mcp.sandbox import Sandbox

LONGEST_CODE = 20_000
"""Characters of code that are run: a module of any interview is far shorter."""


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
        if not code.strip():
            raise InvalidInput("There is no code to run.", hint="Pass the whole solution.")
        if len(code) > LONGEST_CODE:
            raise InvalidInput(f"The code is longer than {LONGEST_CODE} characters.")
        interview = await self._interview(learner, interview_id, question)
        slug = slugify(question) if question else interview.question if interview else ""
        task = questions()[slug].code if slug in questions() else None
        if task is None:
            raise InvalidInput(
                "There are no tests of ours for that question.",
                hint="Have the candidate trace a case by hand, and count failed cases in "
                "`tests_failed` of `finish_interview`.",
            )
        report = await self._sandbox.check(task, code)
        if interview is not None and interview.question == slug:
            await self._keep(learner, interview, code, report)
        return _answer(slug, report, in_interview=interview is not None)

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
        self, learner: Learner, interview: Interview, code: str, report: CheckReport
    ) -> None:
        now = self._clock()
        if expire_if_stale(interview, now).status not in (Status.ACTIVE, Status.PAUSED):
            return
        # Code that uses up the time of all tests fails those that it leaves none for.
        passed, failed, not_run = _counts(report)
        check = SolutionCheck(
            id=self._new_id(),
            interview_id=interview.id,
            question=interview.question,
            code=scrub(clean_text(code))[0],
            passed=passed,
            failed=failed + not_run,
            verified=report.cannot_verify is None,
            at=now,
        )
        async with self._store.writing(learner.id, learner.subject) as uow:
            await uow.checks.add(check)


def _counts(report: CheckReport) -> tuple[int, int, int]:
    """Tests passed, failed and not run; code that does not load fails its one chance."""
    if report.problem is not None:
        return 0, 1, 0
    shown = [case.status for case in report.visible]
    visible = [None if s is CaseStatus.NOT_RUN else s is CaseStatus.PASSED for s in shown]
    results = [*visible, *(case.passed for case in report.hidden)]
    return results.count(True), results.count(False), results.count(None)


def _answer(slug: str, report: CheckReport, *, in_interview: bool) -> SolutionChecked:
    passed, failed, not_run = _counts(report)
    return SolutionChecked(
        status=_status(report, passed, failed, not_run),
        question=slug,
        verified=report.cannot_verify is None,
        passed=passed,
        failed=failed,
        not_run=not_run,
        visible=[_visible(case) for case in report.visible],
        hidden_failed=dict(
            Counter(case.aspect.value for case in report.hidden if case.passed is False)
        ),
        next_actions=["interview_step", "finish_interview"] if in_interview else ["record_attempt"],
    )


def _status(report: CheckReport, passed: int, failed: int, not_run: int) -> str:
    if report.cannot_verify is not None:
        return f"Cannot be verified here, which is no failure: {report.cannot_verify}"
    if report.problem is not None:
        where = f" (line {report.problem.line})" if report.problem.line else ""
        return f"The code does not load: {report.problem.message}{where}"
    if report.all_passed:
        return f"All {passed} tests passed."
    late = f", {not_run} not run: time was up" if not_run else ""
    return f"{passed} tests passed, {failed} failed{late}."


def _visible(case: VisibleCase) -> VisibleTest:
    return VisibleTest(
        result=case.status.value,
        given=case.given,
        expected=case.expected,
        answer=case.answer or None,
        error=case.error or None,
        output=case.output or None,
    )
