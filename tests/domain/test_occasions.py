"""Questions that date themselves by what the learner did."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from maang_mcp.domain.occasions import (
    Mention,
    Occasion,
    Relation,
    attempt_at,
    occasion_meant,
    read_mention,
)
from tests.factories import NOW


@pytest.mark.parametrize(
    ("query", "mention"),
    [
        (
            "what did I note before my Google mock",
            Mention("before my Google mock", Relation.BEFORE, names=("google",)),
        ),
        ("after my last interview", Mention("after my last interview", Relation.AFTER)),
        (
            "what went wrong in my last system design mock interview?",
            Mention(
                "in my last system design mock interview",
                Relation.DURING,
                names=("system", "design"),
            ),
        ),
        (
            "during my interview with Meta on heaps",
            Mention("during my interview with Meta", Relation.DURING, names=("meta",)),
        ),
        (
            "since my first attempt at two sum",
            Mention(
                "since my first attempt at two sum",
                Relation.AFTER,
                is_attempt=True,
                is_first=True,
                problem="two sum",
            ),
        ),
    ],
)
def test_what_the_learner_did_is_recognised(query: str, mention: Mention) -> None:
    assert read_mention(query) == mention


@pytest.mark.parametrize(
    "query",
    [
        "what should I do before my interview",
        "before my next mock",
        "how do I behave in an interview",
        "before my attempts",
        "mock interviews",
    ],
)
def test_what_may_lie_ahead_is_not(query: str) -> None:
    assert read_mention(query) is None


def test_what_follows_the_name_of_a_problem_is_the_questions() -> None:
    mention = read_mention("after my first attempt at two  sum what did I learn about duplicates")
    assert mention is not None
    names = {"two  sum": "two-sum", "two": "two"}
    attempt = attempt_at(mention, names.get)
    assert attempt is not None
    assert attempt.words == "after my first attempt at two  sum"
    assert attempt.problem == "two-sum"
    assert attempt_at(mention, lambda name: None) is None
    whichever = Mention("after my last attempt", Relation.AFTER, is_attempt=True)
    assert attempt_at(whichever, names.get) is whichever


def test_the_latest_of_that_name_is_meant_or_the_first() -> None:
    google, later, meta = (
        Occasion(uuid4(), NOW - timedelta(days=age), NOW, frozenset(names))
        for age, names in ((9, {"google", "coding"}), (5, {"google", "design"}), (1, {"meta"}))
    )
    every = [later, meta, google]
    words = "before my Google mock"
    assert occasion_meant(Mention(words, Relation.BEFORE, names=("google",)), every) is later
    first = Mention(words, Relation.BEFORE, is_first=True, names=("google",))
    assert occasion_meant(first, every) is google
    assert occasion_meant(Mention(words, Relation.BEFORE, names=("uber",)), every) is None
