"""Whatever code does with a hidden test, what is told of it is whether it passed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from random import Random

import pytest

from maang_mcp.content.questions import questions
from maang_mcp.domain.checking import CheckReport
from maang_mcp.domain.code_task import CodeTask
from maang_mcp.sandbox import Sandbox

from .adversary import GRABS, NO_CODE

ASKED = "choir-row"
TIMED = ("while True", "10**10", "sleep", "again(")
"""Code whose end may depend on how fast the machine is."""

CHOOSING = (
    "'abc'.maketrans('a') if len(repr(args)) % 2 else 'abc'.format_map({})",
    "[].__class__ if len(repr(args)) % 2 else 'abc'.__doc__",
    "print(*args, sep=repr(args), foo=args)",
    "getattr('abc', ['maketrans', 'isprintable', 'expandtabs'][len(repr(args)) % 3])()",
    "raise [ValueError, KeyError, RecursionError, StopIteration][len(repr(args)) % 4](args)",
    "return [args] * (1 + len(repr(args)) % 7)",
    "print('x' * len(repr(args)))",
    "raise NotImplementedError('The interpreter does not support ' + repr(args))",
    "def deep(n):\n    return deep(n - 1) if n else {}[n]\ndeep(len(repr(args)) % 9)",
)
"""Code that lets its input decide in which way it fails."""


@pytest.fixture(scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox


def task_of(slug: str) -> CodeTask:
    task = questions()[slug].code
    assert task is not None
    return task


def with_other_hidden_tests(task: CodeTask) -> CodeTask:
    """The same task but for the order of what its hidden tests give."""
    others = list(task.hidden)
    Random(7).shuffle(others)
    swapped = iter(
        replace(other, aspect=test.aspect) for test, other in zip(task.hidden, others, strict=True)
    )
    tests = tuple(test if test.visible else next(swapped) for test in task.tests)
    assert tests != task.tests
    return replace(task, tests=tests)


def fails_with(body: str, task: CodeTask) -> str:
    """A program that does that on hidden tests alone, and answers nothing on any."""
    visible = [repr(eval(test.given)) for test in task.visible]
    indented = body.replace("{question}", ASKED).replace("{entry}", task.entry)
    indented = indented.replace("return 0", "return None")  # which is the answer to some
    indented = indented.replace("\n", "\n        ")
    return (
        f"SEEN = []\ndef {task.entry}(*args, **kwargs):\n"
        f"    if repr(args) not in {visible!r}:\n        {indented}\n    return None\n"
    )


@pytest.mark.parametrize(
    "body", [body for body in (*GRABS, *CHOOSING) if not any(word in body for word in TIMED)]
)
async def test_other_hidden_tests_that_fail_too_are_answered_alike(
    sandbox: Sandbox, body: str
) -> None:
    task = task_of(ASKED)
    code = fails_with(body, task)
    first = await sandbox.check(task, code)
    second = await sandbox.check(with_other_hidden_tests(task), code)
    assert first == second
    assert first.hidden_passed == 0


@pytest.mark.parametrize("code", NO_CODE)
async def test_what_is_no_code_learns_nothing_either(sandbox: Sandbox, code: str) -> None:
    task = task_of(ASKED)
    code = code.replace("{entry}", task.entry)
    first = await sandbox.check(task, code)
    assert first == await sandbox.check(with_other_hidden_tests(task), code)
    assert isinstance(first, CheckReport)
    assert not first.all_passed
