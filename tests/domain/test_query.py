"""What a question demands word for word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.query import (
    LONGEST_SEARCH,
    Demand,
    Phrase,
    exact_words,
    read_demand,
    without_quotes,
)

OFF_BY_ONE = Phrase(("off", "by", "one"))


@pytest.mark.parametrize(
    ("query", "demand", "text"),
    [
        ('"off by one" heaps', Demand(((OFF_BY_ONE,),)), "off by one heaps"),
        ("\u201cOff-by-One\u201d", Demand(((OFF_BY_ONE,),)), "Off-by-One"),
        (
            "heaps OR stack",
            Demand(((Phrase(("heap",), open_ended=True), Phrase(("stack",), open_ended=True)),)),
            "heaps stack",
        ),
        (
            '"off by one" -sorted trees',
            Demand(((OFF_BY_ONE,),), (Phrase(("sort",), open_ended=True),)),
            "off by one trees",
        ),
        ('trees -"off by one"', Demand((), (OFF_BY_ONE,)), "trees"),
        (
            '"a" OR "b" "c"',
            Demand(((Phrase(("a",)), Phrase(("b",))), (Phrase(("c",)),))),
            "a b c",
        ),
        (
            "query OR C++",
            Demand(
                ((Phrase(("quer",), open_ended=True), Phrase(("cplusplus",), open_ended=True)),)
            ),
            "query C++",
        ),
        ("x OR two-sum", Demand(((Phrase(("x",), True), Phrase(("two", "sum"))),)), "x two-sum"),
    ],
)
def test_operators_are_read(query: str, demand: Demand, text: str) -> None:
    assert read_demand(query) == (demand, text)


@pytest.mark.parametrize(
    "query",
    [
        "why do I keep failing sliding window",
        "return -1 when it is missing",
        "two-sum - the notes",
        "heap or stack",
        "OR",
        "OR heap",
        '""',
        '"!!"',
        'an "unclosed quote',
        'we "buy" and "sell" ' * (LONGEST_SEARCH // 20 + 1),
    ],
)
def test_a_question_without_operators_demands_nothing(query: str) -> None:
    assert read_demand(query) == (None, query)


def test_what_is_excluded_can_be_told_without_the_rest() -> None:
    demand, _ = read_demand('"off by one" -trees')
    assert demand is not None
    assert demand.excluding == Demand((), (Phrase(("tree",), open_ended=True),))
    assert Demand(((OFF_BY_ONE,),)).excluding is None


def test_words_are_compared_without_case_and_punctuation() -> None:
    assert exact_words("Off-by-One, in C++ and C#!") == (
        *("off", "by", "one", "in", "cplusplus", "and", "csharp"),
    )
    assert exact_words("滑动窗口 окно") == ("滑", "动", "窗", "口", "окно")


def test_what_stands_in_quotes_can_be_left_out() -> None:
    assert without_quotes('notes "last week" since Monday').split() == ["notes", "since", "Monday"]


@given(st.text(alphabet="ab \"-O R\u201c\u201d'\\&|!:*<>()", max_size=60))
def test_whatever_is_typed_is_read_and_its_words_are_bare(query: str) -> None:
    demand, text = read_demand(query)
    if demand is None:
        assert text == query
        return
    for phrase in (*(one for group in demand.every for one in group), *demand.never):
        assert phrase.words
        assert all(word.isalnum() for word in phrase.words)
        assert len(phrase.words) == 1 or not phrase.open_ended
