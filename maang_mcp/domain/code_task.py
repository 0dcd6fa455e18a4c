"""What a candidate's code is checked against: tests, and solutions that show the tests can tell.

None of it ever leaves the server while a round is open. Inputs and answers are Python expressions,
so that a large input is one line and `None` can be written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .attempt import Mistake


class Shape(StrEnum):
    """How a value is handed to the candidate's code, or read from what it returns.

    A linked list is written as the list of its values, one with a cycle as `(values, index)` of
    the node that the last one points to (-1: none), a tree as its levels from left to right with
    None for a missing child.
    """

    VALUE = "value"
    LINKED_LIST = "linked_list"
    CYCLIC_LIST = "cyclic_list"
    TREE = "tree"


class Comparison(StrEnum):
    """When an answer counts as the expected one.

    `any_order` takes a list as a bag, `any_order_deep` also the lists in it, `close` allows floats
    a relative error of 1e-6.
    """

    EXACTLY = "exactly"
    ANY_ORDER = "any_order"
    ANY_ORDER_DEEP = "any_order_deep"
    CLOSE = "close"


class Aspect(StrEnum):
    """What a test is there to show; all that a candidate learns of a hidden one."""

    ORDINARY = "ordinary"
    EDGE = "edge"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class CodeTest:
    """One input with its answer.

    `given` is the tuple of arguments; for a class the list of its calls, the constructor's first:
    `[("LruCache", 2), ("put", 1, 1), ("get", 1)]`, with `expected` the list of what each returns.
    """

    given: str
    expected: str
    aspect: Aspect = Aspect.ORDINARY
    visible: bool = False


@dataclass(frozen=True, slots=True)
class Solution:
    """Code that solves the task. `beyond_size` marks one that is correct but too slow for the
    size tests."""

    time: str
    space: str
    code: str
    beyond_size: bool = False


@dataclass(frozen=True, slots=True)
class WrongSolution:
    """Code that looks right and is not; at least one test has to tell."""

    mistake: Mistake
    code: str


@dataclass(frozen=True, slots=True)
class CodeTask:
    """How code is checked: `entry` is the function or class that is called.

    `takes` are the shapes of the arguments (all plain values when empty), `gives` that of the
    answer; `in_place` reads it from the first argument after the call. `accepts`, when several
    answers are right, is the code of `accepts(given, answer, expected)`, which decides instead of
    `compares`. The first of the `solutions` is the expected one.

    Raises ValueError for a task whose tests could not tell.
    """

    entry: str
    starter: str
    tests: tuple[CodeTest, ...]
    solutions: tuple[Solution, ...]
    wrong: tuple[WrongSolution, ...]
    takes: tuple[Shape, ...] = ()
    gives: Shape = Shape.VALUE
    is_class: bool = False
    in_place: bool = False
    compares: Comparison = Comparison.EXACTLY
    accepts: str = ""

    def __post_init__(self) -> None:
        if len(self.solutions) < 2 or not self.wrong:
            raise ValueError(f"{self.entry!r} needs two solutions and a wrong one")
        if len({solution.time + solution.space for solution in self.solutions}) < 2:
            raise ValueError(f"the solutions of {self.entry!r} need different complexities")
        if self.solutions[0].beyond_size:
            raise ValueError(f"the expected solution of {self.entry!r} must be fast enough")
        aspects = {test.aspect for test in self.tests if not test.visible}
        if aspects != set(Aspect) or not self.visible:
            raise ValueError(f"{self.entry!r} needs visible tests, and hidden ones of each aspect")

    @property
    def visible(self) -> tuple[CodeTest, ...]:
        """The tests that the candidate may see."""
        return tuple(test for test in self.tests if test.visible)

    @property
    def hidden(self) -> tuple[CodeTest, ...]:
        """The tests of which the candidate learns no more than the aspect."""
        return tuple(test for test in self.tests if not test.visible)
