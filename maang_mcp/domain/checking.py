"""What running a candidate's code against a question's tests has shown.

The report is for the candidate's eyes: of a hidden test it holds its aspect and whether it passed.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .code_task import Aspect, Comparison

CLOSE = 1e-6
"""How far apart two floats may be that count as the same: relative to the expected one, or
absolute where that is below 1."""


LONGEST_CODE: Final = 20_000
"""Characters of code that are run: no answer to an interview question comes near."""

_FENCE = re.compile(r"[ \t]*`{3,}[ \t]*[\w+#-]*[ \t]*")


def unfenced(code: str) -> str:
    """The code without the Markdown fence around it; its lines keep their numbers."""
    lines = code.split("\n")
    told = [at for at, line in enumerate(lines) if line.strip()]
    for at in {told[0], told[-1]} if told else ():
        if _FENCE.fullmatch(lines[at].rstrip("\r")):
            lines[at] = ""
    return "\n".join(lines)


class CaseStatus(StrEnum):
    """How the code did on one test. `not_run`: the time for all of them was up before its turn;
    `unverifiable`: it came to something that the sandbox cannot run as Python does."""

    PASSED = "passed"
    WRONG_ANSWER = "wrong_answer"
    ERROR = "error"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    NOT_RUN = "not_run"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True, slots=True)
class VisibleCase:
    """One test that the candidate may see; every text is cut short.

    `error` is the exception with the line of the candidate's code it came from, `output` what was
    printed.
    """

    status: CaseStatus
    given: str
    expected: str
    answer: str = ""
    error: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class HiddenCase:
    """All that is told of a hidden test; `passed` is None when it was not run to its end, or came
    to what the sandbox cannot run."""

    aspect: Aspect
    passed: bool | None


@dataclass(frozen=True, slots=True)
class CodeProblem:
    """Why the code cannot be called at all; the candidate's own fault, at that line if known."""

    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What the tests have shown, in the order the task lists them.

    With a `problem` nothing was called, and the code is wrong as it stands. With `cannot_verify`,
    the reason, the sandbox lacks something that the code uses: that says nothing against the code.
    Neither comes with cases. Code that fails other tests by itself has failed: `unverified` is how
    many came to what the sandbox lacks.
    """

    visible: tuple[VisibleCase, ...] = ()
    hidden: tuple[HiddenCase, ...] = ()
    problem: CodeProblem | None = None
    cannot_verify: str | None = None
    unverified: int = 0

    @property
    def visible_passed(self) -> int:
        """How many of the visible tests passed."""
        return sum(case.status is CaseStatus.PASSED for case in self.visible)

    @property
    def hidden_passed(self) -> int:
        """How many of the hidden tests passed."""
        return sum(case.passed is True for case in self.hidden)

    @property
    def all_passed(self) -> bool:
        """Whether there are tests, and every one of them ran and passed."""
        total = len(self.visible) + len(self.hidden)
        return total > 0 and self.visible_passed + self.hidden_passed == total


def matches(comparison: Comparison, answer: object, expected: object) -> bool:
    """Whether an answer counts as the expected one.

    A list and a tuple of the same items are the same answer; True is not 1, and 2.0 is not 2 unless
    the comparison is `close`. The answer is nobody's friend: its size, which shared parts can make
    exponential, costs no more time than the expected one's.
    """
    if comparison in (Comparison.EXACTLY, Comparison.CLOSE):
        return _same(answer, expected, close=comparison is Comparison.CLOSE)
    size = _size(expected, math.inf)
    if _size(answer, size) != size:
        return False
    deep = comparison is Comparison.ANY_ORDER_DEEP
    try:
        return _key(answer, bag=True, deep=deep) == _key(expected, bag=True, deep=deep)
    except RecursionError:  # nested as deep as no expected answer is
        return False


def _same(answer: object, expected: object, *, close: bool) -> bool:
    if isinstance(expected, (list, tuple)):
        return (
            isinstance(answer, (list, tuple))
            and len(answer) == len(expected)
            and all(_same(a, e, close=close) for a, e in zip(answer, expected, strict=True))
        )
    if isinstance(expected, Mapping):
        return (
            isinstance(answer, Mapping)
            and len(answer) == len(expected)
            and all(key in answer for key in expected)
            and all(_same(answer[key], value, close=close) for key, value in expected.items())
        )
    if close and _is_number(expected) and _is_number(answer):
        return _near(answer, expected)
    return _key(answer) == _key(expected) if _kind(answer) == _kind(expected) else False


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _near(answer: object, expected: object) -> bool:
    try:
        got, wanted = float(answer), float(expected)  # type: ignore[arg-type]  # both are numbers
    except OverflowError:  # integers beyond any float
        return answer == expected
    return got == wanted or abs(got - wanted) <= CLOSE * max(1.0, abs(wanted)) < math.inf


def _kind(value: object) -> str:
    if isinstance(value, (set, frozenset)):
        return "set"
    return "sequence" if isinstance(value, (list, tuple)) else type(value).__name__


def _key(value: object, *, bag: bool = False, deep: bool = False) -> Hashable:
    """Equal for what counts as the same; `bag`: in whatever order, `deep`: also further in."""
    if isinstance(value, (list, tuple)):
        keys = [_key(item, bag=deep, deep=deep) for item in value]
        return ("sequence", frozenset(Counter(keys).items()) if bag else tuple(keys))
    if isinstance(value, Mapping):
        pairs = ((_key(k), _key(v, bag=deep, deep=deep)) for k, v in value.items())
        return ("mapping", frozenset(pairs))
    if isinstance(value, (set, frozenset)):
        return ("set", frozenset(_key(item) for item in value))
    if isinstance(value, (int, float, str, bytes)) or value is None:
        return (type(value).__name__, value)
    return (type(value).__name__, id(value))  # an object of the candidate's own is no answer


def _size(value: object, limit: float) -> float:
    """How many values there are in it, itself included; stops counting past `limit`."""
    counted, waiting = 0, [value]
    while waiting and counted <= limit:
        item = waiting.pop()
        counted += 1
        if isinstance(item, Mapping):
            waiting += item.values()
        elif isinstance(item, (list, tuple)):
            if counted + len(waiting) + len(item) > limit:
                return math.inf
            waiting += item
    return counted


def short(value: object, room: int = 160) -> str:
    """How a value looks, cut to `room` characters; takes no longer for a larger one."""
    text = ""
    for piece in _pieces(value, room):
        text += piece
        if len(text) > room:
            return text[: room - 3] + "..."
    return text


def _pieces(value: object, room: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield "{"
        for index, (key, item) in enumerate(value.items()):
            yield ", " if index else ""
            yield from _pieces(key, room)
            yield ": "
            yield from _pieces(item, room)
        yield "}"
    elif isinstance(value, (list, tuple)):
        is_list = isinstance(value, list)
        yield "[" if is_list else "("
        yield from _items(value, room)
        yield "]" if is_list else ",)" if len(value) == 1 else ")"
    elif isinstance(value, (set, frozenset)):
        yield "{" if value else "set("
        yield from _items(list(value), room)
        yield "}" if value else ")"
    elif isinstance(value, (str, bytes)):
        yield repr(value[: room + 1])
    elif isinstance(value, int) and value.bit_length() > 4 * room:  # repr would take its time
        yield f"<an integer of {value.bit_length()} bits>"
    elif isinstance(value, (int, float, complex)) or value is None:
        yield repr(value)
    else:
        yield f"<{getattr(value, 'name', type(value).__name__)}>"


def _items(values: Sequence[object], room: int) -> Iterator[str]:
    for index, item in enumerate(values):
        yield ", " if index else ""
        yield from _pieces(item, room)
