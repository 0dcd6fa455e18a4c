from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.checking import (
    CaseStatus,
    CheckReport,
    CodeProblem,
    HiddenCase,
    VisibleCase,
    matches,
    short,
    unfenced,
)
from maang_mcp.domain.code_task import Aspect, Comparison

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(allow_nan=False), st.text(max_size=3)
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=2), inner, max_size=3),
    ),
    max_leaves=12,
)
lists = st.lists(st.lists(st.integers(-2, 2), max_size=3), max_size=5)
comparisons = st.sampled_from(Comparison)


@given(comparisons, values)
def test_every_value_matches_itself(comparison: Comparison, value: Any) -> None:
    assert matches(comparison, value, value)


@given(lists, st.randoms(use_true_random=False))
def test_a_bag_matches_in_whatever_order(value: list[list[int]], random: Any) -> None:
    shuffled = random.sample(value, len(value))
    assert matches(Comparison.ANY_ORDER, shuffled, value)
    assert matches(Comparison.EXACTLY, shuffled, value) == (shuffled == value)
    inside = [random.sample(items, len(items)) for items in shuffled]
    assert matches(Comparison.ANY_ORDER_DEEP, inside, value)
    assert matches(Comparison.ANY_ORDER, inside, value) == (sorted(inside) == sorted(value))


@given(lists, lists)
def test_each_comparison_allows_what_the_stricter_one_allows(
    answer: list[list[int]], expected: list[list[int]]
) -> None:
    exactly, bag, deep, close = (
        matches(comparison, answer, expected)
        for comparison in (
            Comparison.EXACTLY,
            Comparison.ANY_ORDER,
            Comparison.ANY_ORDER_DEEP,
            Comparison.CLOSE,
        )
    )
    assert exactly == (answer == expected)
    assert exactly <= bag <= deep
    assert exactly <= close


@given(lists, st.integers(0, 4), st.integers(3, 9))
def test_a_bag_counts_how_often_a_value_occurs(value: list[list[int]], at: int, other: int) -> None:
    for comparison in (Comparison.ANY_ORDER, Comparison.ANY_ORDER_DEEP):
        assert not matches(comparison, [*value, [other]], value)
        if value:
            at %= len(value)
            assert not matches(comparison, [*value[:at], [other], *value[at + 1 :]], value)


@given(st.floats(-1e9, 1e9), st.floats(-1, 1))
def test_close_allows_a_millionth(expected: float, share: float) -> None:
    allowed = 0.99e-6 * max(1.0, abs(expected))
    assert matches(Comparison.CLOSE, [expected + share * allowed], [expected])
    assert not matches(Comparison.CLOSE, [expected + 2.1 * allowed], [expected])
    assert not matches(Comparison.CLOSE, [str(expected)], [expected])


@pytest.mark.parametrize(
    ("comparison", "answer", "expected", "right"),
    [
        (Comparison.EXACTLY, (1, 2), [1, 2], True),
        (Comparison.EXACTLY, [[1, 2]], [(1, 2)], True),
        (Comparison.EXACTLY, 1, True, False),
        (Comparison.EXACTLY, [1], [True], False),
        (Comparison.EXACTLY, 2.0, 2, False),
        (Comparison.EXACTLY, None, [], False),
        (Comparison.EXACTLY, "ab", ["a", "b"], False),
        (Comparison.EXACTLY, {"a": (1,)}, {"a": [1]}, True),
        (Comparison.EXACTLY, {"a": 1, "b": 2}, {"a": 1}, False),
        (Comparison.EXACTLY, frozenset({1}), {1}, True),
        (Comparison.EXACTLY, [1], {1}, False),
        (Comparison.EXACTLY, object(), object(), False),
        (Comparison.ANY_ORDER, 3, 3, True),
        (Comparison.ANY_ORDER, [1, True], [True, 1], True),
        (Comparison.ANY_ORDER, [True, True], [True, 1], False),
        (Comparison.ANY_ORDER, [[1, 2]], [[2, 1]], False),
        (Comparison.ANY_ORDER_DEEP, [(1, 2), (3,)], [[3], [2, 1]], True),
        (Comparison.CLOSE, 3, 3.0, True),
        (Comparison.CLOSE, True, 1.0, False),
        (Comparison.CLOSE, math.nan, 1.0, False),
        (Comparison.CLOSE, math.inf, math.inf, True),
        (Comparison.CLOSE, -math.inf, math.inf, False),
        (Comparison.CLOSE, 10**400, 1.0, False),
        (Comparison.CLOSE, 1.0, math.inf, False),
    ],
)
def test_what_is_the_same_answer(
    comparison: Comparison, answer: Any, expected: Any, right: bool
) -> None:
    assert matches(comparison, answer, expected) is right


def doubled(depth: int) -> list[Any]:
    """Small in memory, and beyond counting when it is walked through."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value, value]
    return value


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("comparison", Comparison)
@pytest.mark.parametrize("answer", [doubled(200), nested(100_000)], ids=["wide", "deep"])
def test_an_answer_that_has_no_end_costs_no_more_than_the_expected_one(
    comparison: Comparison, answer: Any
) -> None:
    expectations: list[Any] = [[], [[], []], [0] * 100_000, {"a": 1}, 3]
    for expected in expectations:
        assert not matches(comparison, answer, expected)
    assert len(short(answer)) <= 160


@given(values)
def test_a_small_value_is_shown_as_python_writes_it(value: Any) -> None:
    assert short(value, 10_000) == repr(value)


@given(values, st.integers(10, 60))
def test_no_value_is_shown_longer_than_its_room(value: Any, room: int) -> None:
    text = short(value, room)
    assert len(text) <= room
    assert text == repr(value) or text.endswith("...")


def test_what_python_writes_slowly_is_shown_by_its_size() -> None:
    assert short(10**100_000) == "<an integer of 332193 bits>"
    assert short("x" * 10**6) == "'" + "x" * 156 + "..."
    assert short({1, 2}) == "{1, 2}"
    assert short(set()) == "set()"


def case(status: CaseStatus) -> VisibleCase:
    return VisibleCase(status, "(1,)", "2")


def test_a_report_counts_what_passed() -> None:
    report = CheckReport(
        visible=(case(CaseStatus.PASSED), case(CaseStatus.TOO_SLOW)),
        hidden=(HiddenCase(Aspect.EDGE, True), HiddenCase(Aspect.SIZE, None)),
    )
    assert (report.visible_passed, report.hidden_passed) == (1, 1)
    assert not report.all_passed


def test_only_tests_that_ran_can_all_have_passed() -> None:
    passed = CheckReport(
        visible=(case(CaseStatus.PASSED),), hidden=(HiddenCase(Aspect.EDGE, True),)
    )
    assert passed.all_passed
    assert not CheckReport(problem=CodeProblem("no")).all_passed
    assert not CheckReport(cannot_verify="no").all_passed


@given(st.text("ab`# \n", max_size=30))
def test_taking_a_fence_off_keeps_the_numbers_of_the_lines(code: str) -> None:
    lines, bare = code.split("\n"), unfenced(code).split("\n")
    assert len(bare) == len(lines)
    assert all(now in (was, "") for was, now in zip(lines, bare, strict=True))
    assert "```" in code or unfenced(code) == code


def test_a_fence_within_the_code_is_left() -> None:
    code = 'x = """\n```python\n"""\n'
    assert unfenced(code) == code
    assert unfenced(f"```py\r\n{code}```") == f"\n{code}"
