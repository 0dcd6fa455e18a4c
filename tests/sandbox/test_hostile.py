"""Programs that mean harm: each ends, with a result that says what happened."""

from __future__ import annotations

import asyncio

import anyio
import pytest

from maang_mcp.domain.checking import CaseStatus, CheckReport
from maang_mcp.sandbox import Sandbox

from .tasks import code_task, hidden, visible

PATIENCE = 20  # seconds, on a machine under load; a benchmark shows that it takes two

TASK = code_task(visible("(1,)", "2"), hidden("(77001133,)", "'hidden-expected-93'"))


async def check(sandbox: Sandbox, code: str) -> CheckReport:
    with anyio.fail_after(PATIENCE):
        return await sandbox.check(TASK, code)


def solve(*body: str) -> str:
    return "\n    ".join(["def solve(x):", *body])


ENDINGS = {
    "an endless loop": (solve("while True: pass"), CaseStatus.TOO_SLOW),
    "one that catches everything": (
        solve("while True:", "    try:", "        while True: pass", "    except BaseException:",
              "        pass"),
        CaseStatus.TOO_SLOW,
    ),
    "one long operation": (solve("x = 3", "while True: x = x * x"), CaseStatus.TOO_SLOW),
    "a factorial": (
        "import math\n" + solve("return math.factorial(10 ** 7) % 7"), CaseStatus.TOO_SLOW
    ),
    "a large sum": (solve("return sum(range(10 ** 12))"), CaseStatus.TOO_SLOW),
    "lists of lists": (
        solve("a = []", "for i in range(60): a = [a, a]", "return repr(a)"), CaseStatus.TOO_SLOW
    ),
    "a growing list": (
        solve("a = []", "while True: a.append('x' * 1000000)"), CaseStatus.TOO_MUCH_MEMORY
    ),
    "a doubling list": (solve("a = [0]", "while True: a = a + a"), CaseStatus.TOO_MUCH_MEMORY),
    "a huge integer": (solve("return 10 ** 10 ** 9"), CaseStatus.TOO_MUCH_MEMORY),
    "a huge string": (solve("return 'a' * 10 ** 11"), CaseStatus.TOO_MUCH_MEMORY),
    "a huge format": (solve("return f'{1:>9999999999}'"), CaseStatus.TOO_MUCH_MEMORY),
    "endless recursion": (solve("return solve(x + 1)"), CaseStatus.ERROR),
    "a flood of output": (solve("while True: print('x' * 10000)"), CaseStatus.TOO_SLOW),
    "a file": (solve("return open('/etc/passwd').read()"), CaseStatus.ERROR),
    "a file to write": (solve("open('/tmp/x', 'w').write('x')"), CaseStatus.ERROR),
    "the environment": ("import os\n" + solve("return os.environ['HOME']"), CaseStatus.ERROR),
    "a directory": ("import os\n" + solve("return os.listdir('/')"), CaseStatus.ERROR),
    "randomness": ("import os\n" + solve("return os.urandom(4)"), CaseStatus.ERROR),
    "the end of the process": (solve("raise SystemExit(1)"), None),
    "an interrupt": (solve("raise KeyboardInterrupt"), CaseStatus.ERROR),
    "evaluation": (solve("return eval('(' * 100000)"), None),
    "a catastrophic expression": (
        "import re\n" + solve("return re.match('(a|aa)+$', 'a' * 5000 + 'b')"), None
    ),
    "an answer within answers": (
        solve("a = []", "for i in range(60): a = [a, a]", "return a"), CaseStatus.WRONG_ANSWER
    ),
    "an answer with itself in it": (
        solve("a = []", "a.append(a)", "return a"), CaseStatus.WRONG_ANSWER
    ),
    "a deep answer": (
        solve("a = []", "for i in range(100000): a = [a]", "return a"), CaseStatus.WRONG_ANSWER
    ),
    "an object": ("class A: ...\n" + solve("return A()"), CaseStatus.WRONG_ANSWER),
}  # fmt: skip


@pytest.mark.parametrize(("code", "status"), ENDINGS.values(), ids=ENDINGS.keys())
async def test_it_ends_with_a_clear_result(
    sandbox: Sandbox, code: str, status: CaseStatus | None
) -> None:
    report = await check(sandbox, code)
    expected = {status}
    if status is CaseStatus.TOO_MUCH_MEMORY:  # which a machine under load does not get to
        expected.add(CaseStatus.TOO_SLOW)
    if status is not None:
        assert report.visible[0].status in expected
    assert not report.all_passed
    assert not any(case.passed for case in report.hidden)


@pytest.mark.parametrize("name", ["socket", "subprocess", "ctypes", "multiprocessing", "urllib"])
async def test_the_world_outside_cannot_be_imported(sandbox: Sandbox, name: str) -> None:
    report = await check(sandbox, f"import {name}\n" + solve(f"return {name}.x"))
    assert report.cannot_verify == (
        f"The code uses {name} (line 1), which the sandbox does not have."
    )


@pytest.mark.parametrize(
    "code",
    ["(" * 100_000, "(" * 5_000 + ")" * 5_000, "-" * 40_000 + "1", "+".join("1" * 20_000)],
    ids=["open", "closed", "signs", "terms"],
)
async def test_code_nested_beyond_reading_is_refused(sandbox: Sandbox, code: str) -> None:
    report = await check(sandbox, f"{code}\n{solve('return 2')}")
    assert report.problem or report.cannot_verify


async def test_output_is_kept_short_and_only_of_visible_tests(sandbox: Sandbox) -> None:
    report = await check(sandbox, solve("print('got', x)", "print('y' * 100000)", "return 2"))
    assert report.visible[0].output.startswith("got 1\nyyy")
    assert len(report.visible[0].output) < 500
    assert report.visible[0].status is CaseStatus.PASSED


LEAKS = {
    "in an error": solve("raise ValueError(f'seen {x}')"),
    "in an error that looks like a gap": solve(
        "raise AttributeError(f\"'int' object has no attribute '{x}'\")"
    ),
    "in a missing module": solve("raise ModuleNotFoundError(f\"No module named '{x}'\")"),
    "in what is not supported": solve("raise NotImplementedError(f'does not yet support {x}')"),
    "in a name": solve("raise NameError(f\"name '{x}' is not defined\")"),
    "in the output": solve("print(x)", "return x"),
    "in the answer": solve("return f'>{x}<'"),
    "in memory": solve("return [str(x)] * 10 ** 12"),
    "in a crash": solve("x = 10 ** x"),
    "in what is imported": solve("return __import__('m' + str(x))"),
    "in a file's name": solve("return open('/' + str(x))"),
    "in an attribute": solve("return getattr(x, 'm' + str(x))"),
}  # fmt: skip


@pytest.mark.parametrize("code", LEAKS.values(), ids=LEAKS.keys())
async def test_nothing_of_a_hidden_test_leaves(
    sandbox: Sandbox, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    report = await check(sandbox, code)
    assert "77001133" not in repr(report) + caplog.text
    assert "hidden-expected" not in repr(report) + caplog.text


@pytest.mark.parametrize(
    "raising",
    [
        "NameError(f\"name '{said}' is not defined\")",
        "AttributeError(f\"'list' object has no attribute '{said}'\")",
        "ImportError(f\"cannot import name '{said}' from 'math'\")",
    ],
)
async def test_a_reason_names_only_what_stands_in_the_code(sandbox: Sandbox, raising: str) -> None:
    report = await check(
        sandbox, solve("said = chr(115) + 'ort' if x > 1 else 'x'", f"raise {raising}")
    )
    assert "sort" not in repr(report)
    report = await check(
        sandbox, solve("said = 'vars'", "raise NameError(f\"name '{said}' is not defined\")")
    )
    assert report.cannot_verify is None
    assert report.visible[0].status is CaseStatus.ERROR


async def test_the_expected_answer_is_nowhere_to_be_found(sandbox: Sandbox) -> None:
    spying = solve(
        "found = []",
        "for name in ['_sandbox_expected', '_expected', '_answer', 'expected', '_given']:",
        "    try:",
        "        found.append(eval(name))",
        "    except NameError:",
        "        pass",
        "return found",
    )
    report = await check(sandbox, spying)
    assert report.visible[0].answer == "[]"


async def test_nothing_is_left_from_one_test_to_the_next(sandbox: Sandbox) -> None:
    counting = "seen = []\nimport math\ndef solve(x, kept=[]):\n    seen.append(x)\n" + (
        "    kept.append(x)\n    math.marked = True\n    return len(seen) + len(kept)"
    )
    task = code_task(visible("(1,)", "2"), visible("(2,)", "2"), hidden("(3,)", "2"))
    without_mark = counting.replace("    math.marked = True\n", "")
    assert (await sandbox.check(task, without_mark)).all_passed
    assert (await sandbox.check(task, without_mark)).all_passed


async def test_a_test_cannot_change_what_the_next_one_is_given(sandbox: Sandbox) -> None:
    task = code_task(visible("([1, 2],)", "3"), hidden("([1, 2],)", "3"))
    code = "def solve(xs):\n    total = sum(xs)\n    xs.append(5)\n    return total"
    assert (await sandbox.check(task, code)).all_passed
    assert (await sandbox.check(task, code)).all_passed


async def test_clock_and_dice_give_the_same_every_time(sandbox: Sandbox) -> None:
    code = "import random, time, datetime\n" + solve(
        "time.sleep(30)", "return random.random(), time.time(), str(datetime.datetime.now())"
    )
    first, second = await check(sandbox, code), await check(sandbox, code)
    assert first == second
    assert first.visible[0].status is CaseStatus.WRONG_ANSWER


async def test_what_comes_after_the_time_is_up_is_not_run(sandbox: Sandbox) -> None:
    tests = [visible(f"({n},)", str(n)) for n in range(4)]
    report = await sandbox.check(code_task(*tests), solve("while x < 9: pass"))
    statuses = [case.status for case in report.visible]
    assert statuses[0] is CaseStatus.TOO_SLOW
    assert statuses[-1] is CaseStatus.NOT_RUN
    assert {case.passed for case in report.hidden} == {None}


async def test_others_are_served_while_a_loop_goes_on(sandbox: Sandbox) -> None:
    endless = asyncio.create_task(check(sandbox, solve("while True: pass")))
    for _ in range(5):
        report = await check(sandbox, solve("return 2"))
        assert report.visible[0].status is CaseStatus.PASSED
    assert not endless.done()
    assert (await endless).visible[0].status is CaseStatus.TOO_SLOW
