"""Small tasks to check code against."""

from __future__ import annotations

from typing import Any

from maang_mcp.domain.attempt import Mistake
from maang_mcp.domain.code_task import Aspect, CodeTask, CodeTest, Solution, WrongSolution


def visible(given: str, expected: str) -> CodeTest:
    """A test that the candidate may see."""
    return CodeTest(given, expected, visible=True)


def hidden(given: str, expected: str, aspect: Aspect = Aspect.ORDINARY) -> CodeTest:
    """One of which only the aspect is told."""
    return CodeTest(given, expected, aspect)


def code_task(*tests: CodeTest, entry: str = "solve", **how: Any) -> CodeTask:
    """A task with these tests; as many as the domain asks for are added behind them."""
    first = tests[0]
    added = [CodeTest(first.given, first.expected, aspect) for aspect in Aspect]
    if not any(test.visible for test in tests):
        added.append(CodeTest(first.given, first.expected, visible=True))
    return CodeTask(
        entry=entry,
        starter=f"def {entry}(): ...",
        tests=(*tests, *added),
        solutions=(Solution("O(1)", "O(1)", "x"), Solution("O(n)", "O(1)", "y")),
        wrong=(WrongSolution(Mistake.BOUNDARY, "z"),),
        **how,
    )
