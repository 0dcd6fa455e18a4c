"""The tests of a question can tell: every solution passes them, every wrong one fails."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from maang_mcp.content.questions import questions
from maang_mcp.domain.checking import CaseStatus, CheckReport
from maang_mcp.domain.code_task import Aspect, CodeTask, Shape, Solution
from maang_mcp.domain.question import Question
from maang_mcp.domain.skills import Round
from maang_mcp.sandbox import SECONDS, TOTAL, Sandbox

BANK = [question for question in questions().values() if question.code is not None]
EACH = pytest.mark.parametrize("question", BANK, ids=lambda question: question.slug)
TELLING = 12
"""Characters of a line of a solution that a hint must not repeat; less is `return x`."""


@pytest.fixture(scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    # Twice the product's patience: a machine under load is no fault of a solution.
    async with Sandbox(seconds=2 * SECONDS, total=2 * TOTAL) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
async def strict() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox


def task_of(question: Question) -> CodeTask:
    assert question.code is not None
    return question.code


def fitting(task: CodeTask, solution: Solution) -> CodeTask:
    """The task as this solution can pass it: without its size, if that is beyond it."""
    if not solution.beyond_size:
        return task
    small = task.visible[0]
    tests = [
        replace(test, given=small.given, expected=small.expected)
        if test.aspect is Aspect.SIZE
        else test
        for test in task.tests
    ]
    return replace(task, tests=tuple(tests))


def failed(report: CheckReport) -> list[str]:
    """What went wrong, in the words of the report."""
    wrong = [repr(case) for case in report.visible if case.status is not CaseStatus.PASSED]
    wrong += [f"a hidden {case.aspect} test" for case in report.hidden if not case.passed]
    return wrong + [text for text in (report.cannot_verify, str(report.problem or "")) if text]


@EACH
async def test_every_solution_passes_every_test(sandbox: Sandbox, question: Question) -> None:
    task = task_of(question)
    for solution in task.solutions:
        report = await sandbox.check(fitting(task, solution), solution.code)
        assert failed(report) == [], solution.code
        assert report.all_passed


@EACH
async def test_every_wrong_solution_runs_and_fails_a_test(
    strict: Sandbox, question: Question
) -> None:
    task = task_of(question)
    for wrong in task.wrong:
        report = await strict.check(task, wrong.code)
        assert (report.cannot_verify, report.problem) == (None, None), wrong.code
        assert not report.all_passed, wrong.code


@EACH
def test_no_hint_holds_a_line_of_a_solution(question: Question) -> None:
    lines = {
        line.strip()
        for solution in task_of(question).solutions
        for line in solution.code.splitlines()
        if len(line.strip()) >= TELLING
    }
    for hint in question.hints:
        assert not [line for line in lines if line in hint]


@EACH
def test_the_starter_defines_what_the_tests_call(question: Question) -> None:
    task = task_of(question)
    kind = ast.ClassDef if task.is_class else ast.FunctionDef
    defined = [node.name for node in ast.parse(task.starter).body if isinstance(node, kind)]
    assert task.entry in defined


NODES = {
    Shape.LINKED_LIST: ("ListNode", ("val", "next")),
    Shape.CYCLIC_LIST: ("ListNode", ("val", "next")),
    Shape.TREE: ("TreeNode", ("val", "left", "right")),
}


@EACH
def test_the_starter_shows_the_nodes_that_the_task_is_given(question: Question) -> None:
    task = task_of(question)
    comments = [line for line in task.starter.splitlines() if line.startswith("#")]
    nodes = [NODES[shape] for shape in (*task.takes, task.gives) if shape in NODES]
    assert nodes or not comments or question.round is not Round.CODING
    for name, fields in nodes:
        assert comments[0] == f"# class {name}:"
        assert len(comments) == 3
        assert all(field in " ".join(comments[1:]) for field in fields)
