"""One check: a program against the tests of a task, each in a session of its own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from maang_mcp.domain.checking import (
    CaseStatus,
    CheckReport,
    CodeProblem,
    HiddenCase,
    VisibleCase,
    matches,
    short,
)
from maang_mcp.domain.code_task import CodeTask, CodeTest, Shape

from .dialect import translate
from .gaps import gap
from .places import BEGIN, Met, Place
from .program import CannotVerify, NotLoadable, Program
from .session import Broken, Output, Raised, Sessions, TooMuchMemory, TooSlow, Unreadable

TOTAL: Final = 1.7
"""Seconds for all tests together; with the grace of the last one, less than two."""

_LEAST: Final = 0.05  # seconds
_ROOM: Final = 200  # characters of a text that is shown

Answers = tuple[tuple[Any, Any], ...]
"""Of each test: what is given and what is expected, evaluated."""


def answers_of(task: CodeTask, sessions: Sessions) -> Answers:
    """Evaluates a task's tests, where no candidate's code has ever been.

    Raises ValueError, which does not quote the test, when one of them does not evaluate.
    """
    found = []
    for number, test in enumerate(task.tests, start=1):
        try:
            found.append(sessions.run(f"(({test.given}), ({test.expected}))"))
        except (TooSlow, TooMuchMemory, Broken, Unreadable, Raised):
            raise ValueError(f"test {number} of {task.entry!r} does not evaluate") from None
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Ran:
    status: CaseStatus
    answer: str = ""
    error: str = ""
    output: str = ""


_NOT_RUN: Final = _Ran(CaseStatus.NOT_RUN)
_HIDDEN_GAP: Final = "The code uses something that the sandbox does not have, in a hidden test."


_FAILED: Final = frozenset(CaseStatus) - {
    CaseStatus.PASSED,
    CaseStatus.NOT_RUN,
    CaseStatus.UNVERIFIABLE,
}
_MOST_GAPS: Final = 10  # each takes another loading of the program


class _ListGrows(Exception):
    """Something is added to a list that is none: in Python that may be right."""


@dataclass(slots=True)
class Check:
    """A candidate's code on the way through the tests of a task."""

    task: CodeTask
    answers: Answers
    sessions: Sessions
    code: str
    seconds: float
    total: float
    _began: float = field(default_factory=time.monotonic)

    def report(self) -> CheckReport:
        """What the tests have shown.

        Raises NotLoadable and CannotVerify, the latter when no test fails but those that came to
        what the interpreter lacks.
        """
        try:
            return self._report(lists_grow=False)
        except _ListGrows:
            return self._report(lists_grow=True)

    def _report(self, *, lists_grow: bool) -> CheckReport:
        program = self._loaded(lists_grow)
        ran = {
            test: self._test(program, test, given, expected)
            for test, (given, expected) in sorted(
                zip(self.task.tests, self.answers, strict=True),
                key=lambda pair: not pair[0].visible,
            )
        }
        unverified = [each.error for each in ran.values() if each.status is CaseStatus.UNVERIFIABLE]
        if unverified and not any(each.status in _FAILED for each in ran.values()):
            raise CannotVerify(unverified[0])
        return CheckReport(
            visible=tuple(_seen(test, ran[test]) for test in self.task.visible),
            hidden=tuple(_unseen(test, ran[test]) for test in self.task.hidden),
            unverified=len(unverified),
        )

    def _loaded(self, lists_grow: bool) -> Program:
        """The program without what it cannot be loaded with."""
        gaps: list[Place] = []
        while True:
            program = translate(self.code, self.task, lists_grow=lists_grow, gaps=gaps)
            try:
                self._load(program)
            except CannotVerify as error:
                if error.line is None or len(gaps) >= _MOST_GAPS:
                    raise
                gaps.append(Place(str(error), error.line, is_gap=True))
            else:
                return program

    def _load(self, program: Program) -> None:
        """Runs the program without calling anything: what fails now, fails without a test."""
        met = Met()
        try:
            self._run(program, "None", {}, Output(), met)
        except TimeoutError:
            raise CannotVerify("The code takes the sandbox too long to read.") from None
        except Unreadable as ended:
            text = "The code uses syntax that the sandbox cannot read."
            raise CannotVerify(text, _line(ended, program)) from None
        except TooSlow:
            raise NotLoadable(CodeProblem("The code does not end when it is loaded.")) from None
        except TooMuchMemory:
            text = "The code uses up the memory when it is loaded."
            raise NotLoadable(CodeProblem(text)) from None
        except Broken:
            raise CannotVerify("The sandbox breaks down when it loads the code.") from None
        except Raised as ended:
            line = _line(ended, program)
            if met.numbers:
                begun = program.line(ended.lines[0]) if ended.lines else None
                raise CannotVerify(met.reason(program), begun) from None
            if _is_unsupported(ended, program):
                # Nothing has been given yet that its message could tell.
                raise CannotVerify(_unsupported(str(ended.error)), line) from None
            if reason := _gap(ended, program):
                raise CannotVerify(reason, line) from None
            raise NotLoadable(CodeProblem(_message(ended.error), line)) from None

    def _test(self, program: Program, test: CodeTest, given: Any, expected: Any) -> _Ran:
        met = Met(program.always)
        ran = self._ran(program, test, given, expected, met)
        if met.numbers and ran.status in _FAILED:
            reason = met.reason(program) if test.visible else _HIDDEN_GAP
            return _Ran(CaseStatus.UNVERIFIABLE, error=reason, output=ran.output)
        return ran

    def _ran(self, program: Program, test: CodeTest, given: Any, expected: Any, met: Met) -> _Ran:
        output = Output()
        had_all_its_time = self._left() >= self.seconds
        try:
            answer = self._run(program, self._call(program), {"_sandbox_given": given}, output, met)
        except TooSlow:
            status = CaseStatus.TOO_SLOW if had_all_its_time else CaseStatus.NOT_RUN
            return _Ran(status, output=output.text)
        except TimeoutError:
            return _NOT_RUN
        except TooMuchMemory:
            return _Ran(CaseStatus.TOO_MUCH_MEMORY, output=output.text)
        except (Broken, Unreadable):
            text = "The sandbox broke down."
            return _Ran(CaseStatus.ERROR, error=text, output=output.text)
        except Raised as ended:
            if "can only concatenate list" in str(ended.error) and not program.lists_grow:
                raise _ListGrows from None
            if reason := _gap(ended, program):
                # By which of many gaps it falls into, code could tell what a hidden test gives.
                reason = reason if test.visible else _HIDDEN_GAP
                return _Ran(CaseStatus.UNVERIFIABLE, error=reason, output=output.text)
            text = _message(ended.error)
            if line := _line(ended, program):
                text += f" (line {line})"
            return _Ran(CaseStatus.ERROR, error=text, output=output.text)
        try:
            right = self._accepts(given, answer, expected)
        except TimeoutError:
            return _NOT_RUN
        status = CaseStatus.PASSED if right else CaseStatus.WRONG_ANSWER
        return _Ran(status, answer=short(answer, _ROOM), output=output.text)

    def _run(
        self, program: Program, call: str, inputs: dict[str, Any], output: Output, met: Met
    ) -> Any:
        return self.sessions.run(
            f"{program.source}\n{call}",
            prelude=program.prelude,
            inputs=inputs,
            seconds=self._next(),
            recursion=program.recursion,
            output=output,
            functions=met.functions,
        )

    def _left(self) -> float:
        return self._began + self.total - time.monotonic()

    def _next(self) -> float:
        """What the next run may take; TimeoutError when that is too little to tell anything."""
        left = min(self.seconds, self._left())
        if left < _LEAST:
            raise TimeoutError
        return left

    def _call(self, program: Program) -> str:
        begin = f"{BEGIN}\n" if program.doubts else ""
        if self.task.is_class:
            return f"{begin}_sandbox_play({program.entry}, _sandbox_given)"
        takes: Sequence[str] = [shape.value for shape in self.task.takes]
        shapes = repr(takes) if takes else f"[{Shape.VALUE.value!r}] * len(_sandbox_given)"
        return (
            f"{begin}_sandbox_call({program.entry}, _sandbox_given, {shapes}, "
            f"{self.task.gives.value!r}, {self.task.in_place})"
        )

    def _accepts(self, given: Any, answer: Any, expected: Any) -> bool:
        if not self.task.accepts:
            return matches(self.task.compares, answer, expected)
        try:
            return bool(
                self.sessions.run(
                    f"{self.task.accepts}\naccepts(_given, _answer, _expected)",
                    inputs={"_given": given, "_answer": answer, "_expected": expected},
                    seconds=self._next(),
                )
            )
        except (TooSlow, TooMuchMemory, Broken, Unreadable, Raised):
            return False  # an answer of another shape than any right one


def _seen(test: CodeTest, ran: _Ran) -> VisibleCase:
    given, expected = _cut(test.given), _cut(test.expected)
    return VisibleCase(ran.status, given, expected, ran.answer, ran.error, ran.output)


def _unseen(test: CodeTest, ran: _Ran) -> HiddenCase:
    ended = ran.status in _FAILED or ran.status is CaseStatus.PASSED
    passed = ran.status is CaseStatus.PASSED if ended else None
    return HiddenCase(test.aspect, passed)


def _cut(text: str) -> str:
    return text if len(text) <= _ROOM else text[: _ROOM - 3] + "..."


def _message(error: BaseException) -> str:
    return _cut(f"{type(error).__name__}: {error}".rstrip(": "))


def _is_own(ended: Raised, program: Program) -> bool:
    """Whether the program raised it of its own accord, whatever its message says."""
    return bool(ended.lines) and ended.lines[-1] in program.raises


def _gap(ended: Raised, program: Program) -> str | None:
    return None if _is_own(ended, program) else gap(ended.error, program)


def _is_unsupported(ended: Raised, program: Program) -> bool:
    lacks = isinstance(ended.error, NotImplementedError) and "support" in str(ended.error)
    return lacks and not _is_own(ended, program)


def _line(ended: Raised | Unreadable, program: Program) -> int | None:
    lines = [line for at in ended.lines if (line := program.line(at))]
    return lines[-1] if lines else None


def _unsupported(text: str) -> str:
    what = text.rpartition("support ")[2] or text
    return _cut(f"The code uses {what}, which the sandbox does not have.")
