"""Code that fails fails, whatever the sandbox lacks of something that stands beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from maang_mcp.content.questions import questions
from maang_mcp.domain.checking import CaseStatus
from maang_mcp.domain.question import Question
from maang_mcp.sandbox import SECONDS, TOTAL, Sandbox

from .tasks import code_task, hidden, visible

RIDERS = {
    "special methods": """
class RiderT:
    def __len__(self): return 0
    def __bool__(self): return False
""",
    "a module": "\nimport numpy as rider_np\nrider_x = rider_np.zeros(1)\n",
    "a property": """
class RiderP:
    @property
    def x(self): return 1
""",
    "an enumeration": """
from enum import Enum
class RiderColor(Enum):
    RED = 1
rider_red = RiderColor.RED
""",
    "inheritance": """
class RiderBase: pass
class RiderChild(RiderBase):
    def __init__(self): super().__init__()
rider_child = RiderChild()
""",
    "a generator": "\ndef rider_walk():\n    yield 1\nrider_first = next(rider_walk())\n",
    "no end": """
from itertools import count as rider_count
rider_numbers = (n for n in rider_count())
def rider_next(): return next(rider_numbers)
""",
    "an option": """
from dataclasses import dataclass as rider_dataclass
@rider_dataclass(order=True)
class RiderJob:
    cost: int
rider_job = RiderJob(3)
""",
    "a builtin": "\nrider_bytes = bytearray(3)\n",
    "a builtin in a function": "\ndef rider_f(): return bytearray(3)\nrider_b = rider_f()\n",
    "async": "\nasync def rider_async(): return 1\n",
    "syntax": "\ndef rider_s():\n    try: ...\n    except* ValueError: ...\n",
    "a class of a doubtful one": """
class RiderOdd:
    def __bool__(self): return False
class RiderOdder(RiderOdd): pass
""",
    "an order": """
class RiderOrder:
    def __lt__(self, other): return True
""",
}
QUESTIONS = [question for question in questions().values() if question.code is not None][::4]
"""Every fourth; what riders do does not depend on the question."""

TASK = code_task(visible("(1,)", "2"), hidden("(5,)", "6"), hidden("(7,)", "8"))
WRONG = "def solve(x):\n    return x\n"
RIGHT = "def solve(x):\n    return x + 1\n"


@pytest.fixture(scope="module")
async def patient() -> AsyncIterator[Sandbox]:
    # A dozen riders at once are loaded again and again: a machine under load needs its time.
    async with Sandbox(seconds=2 * SECONDS, total=3 * TOTAL) as sandbox:
        yield sandbox


@pytest.mark.parametrize("rider", RIDERS.values(), ids=RIDERS.keys())
async def test_what_no_test_comes_to_changes_nothing(sandbox: Sandbox, rider: str) -> None:
    for code in (WRONG + rider, rider + "\n" + WRONG):
        report = await sandbox.check(TASK, code)
        assert (report.cannot_verify, report.problem, report.unverified) == (None, None, 0)
        assert report.visible[0].status is CaseStatus.WRONG_ANSWER
        assert report.hidden_passed == 0
    assert (await sandbox.check(TASK, RIGHT + rider)).all_passed


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.slug)
async def test_no_wrong_solution_of_the_bank_is_saved_by_riders(
    patient: Sandbox, question: Question
) -> None:
    assert question.code is not None
    riders = "".join(text for name, text in RIDERS.items() if name != "an order")
    report = await patient.check(question.code, question.code.wrong[0].code + riders)
    assert (report.cannot_verify, report.problem) == (None, None)
    assert not report.all_passed


@pytest.mark.parametrize(
    "message",
    [
        "AttributeError(\"'list' object has no attribute 'append'\")",
        "NameError(\"name 'vars' is not defined\")",
        "NotImplementedError('not supported')",
        "RuntimeError('Internal error in monty')",
    ],
)
async def test_what_the_candidate_raises_is_the_candidates(sandbox: Sandbox, message: str) -> None:
    for body in (
        f"raise {message}",
        f"error = {message}\n        raise error",
        f"try:\n            raise {message}\n        except Exception:\n            raise",
        f"try:\n            raise {message}\n        except Exception as e:\n            raise e",
    ):
        code = f"def solve(x):\n    if x == 5:\n        {body}\n    return x + 1"
        report = await sandbox.check(TASK, code)
        assert (report.cannot_verify, report.unverified) == (None, 0)
        assert [case.passed for case in report.hidden].count(False) == 1
    report = await sandbox.check(TASK, f"raise {message}\ndef solve(x): ...")
    assert report.problem is not None


async def test_tests_that_came_to_no_gap_are_counted_beside_one_that_did(
    sandbox: Sandbox,
) -> None:
    code = "def solve(x):\n    if x == 5:\n        return bytearray(x)\n    return x"
    report = await sandbox.check(TASK, code)
    assert report.cannot_verify is None
    assert report.unverified == 1
    assert report.visible[0].status is CaseStatus.WRONG_ANSWER
    assert [case.passed for case in report.hidden].count(None) == 1
    right = await sandbox.check(TASK, code + " + 1")
    assert right.cannot_verify is not None


async def test_a_gap_that_only_a_hidden_test_comes_to_is_not_told_apart(sandbox: Sandbox) -> None:
    code = "def solve(x):\n    if x == 5:\n        return GAP\n    return x + 1\n"
    for gap in ("bytearray(x)", "[n for n in walk()]", "(3).to_bytes(1, 'big')"):
        report = await sandbox.check(TASK, code.replace("GAP", gap) + "def walk():\n    yield 1\n")
        assert report.cannot_verify == (
            "The code uses something that the sandbox does not have, in a hidden test."
        )


USED = {
    "through a variable": "import numpy as np\nx = np.zeros(1)\ndef solve(n): return x[0] + n",
    "through two": (
        "import numpy as np\nx = np.zeros(1)\ny = [x]\ndef solve(n): return y[0][0] + n"
    ),
    "through a function": (
        "def walk():\n    yield 1\ndef first(): return next(walk())\nx = first()\n"
        "def solve(n): return x"
    ),
    "through what a call changed": (
        "from random import shuffle\nfrom numpy import sort\nxs = [3, 2]\nsort(xs)\n"
        "def solve(n): return xs[0]"
    ),
    "through an object made at the start": (
        "class Empty:\n    def __bool__(self): return False\nempty = Empty()\n"
        "def solve(n): return 5 if empty else n + 1"
    ),
    "in a class": (
        "class Solution:\n    def walk(self, n):\n        yield n + 1\n"
        "    def solve(self, n): return next(self.walk(n))"
    ),
    "swallowed": (
        "class Box:\n    @property\n    def x(self): return 1\n"
        "def solve(n):\n    try:\n        return Box().x + n\n    except Exception:\n"
        "        return 0"
    ),
}


@pytest.mark.parametrize("code", USED.values(), ids=USED.keys())
async def test_what_a_test_comes_to_is_no_failure(sandbox: Sandbox, code: str) -> None:
    report = await sandbox.check(TASK, code)
    assert report.cannot_verify is not None


async def test_the_names_of_the_sandbox_are_not_the_candidates(sandbox: Sandbox) -> None:
    for code in (
        "def _sandbox_call(*a): return 2\n" + WRONG,
        "_sandbox_read = lambda *a: 2\n" + WRONG,
        "import math as _sandbox_read\n" + WRONG,
        "def solve(x, _sandbox_y=1): return x",
        "def solve(x):\n    _sandbox_met.clear()\n    return x",
        "class A: ...\ndef solve(x):\n    try: ...\n    except E as _sandbox_call: ...",
    ):
        report = await sandbox.check(TASK, code)
        assert report.problem is not None, code
        assert "_sandbox_" in report.problem.message
