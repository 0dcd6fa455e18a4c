"""Sentences, told from keyword lists by their shape."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.english import CONNECTING
from maang_mcp.domain.sentences import english, last_sentence, sentences

STANDING = (
    "I moved the retries into a queue.",
    "The build fell from nine minutes to two.",
    "It went well and everyone was happy.",
    "My manager asked me to find the cause before the sale began.",
    "Cut the p99 from 900 ms to 300 ms for the checkout.",
    "I talked to sales, support, legal, finance and two customers about it.",
    "I designed, built, tested and shipped the new exporter with them.",
    "The queue drops a message when the disk is full.",
    "Two teams shared one staging environment, so I drew up a calendar for it.",
    "The migration of the legacy nightly payment reconciliation job was mine.",
    "I asked which I/O path and which A/B test the on-call rota had seen.",
)
STRETCHES = (
    "result, metric, impact, 40%, I",
    "I result I metric I 40% I led",
    "I reduced latency 40% metric result impact ownership",
    "reduced latency improved quality increased revenue delivered results",
    "led owned drove improved reduced delivered the impact of it",
    "the action and the result of the task and the metric",
    "I did the action and the result was a metric of 40%",
    "I led the success metrics 40% impact of the team",
    "dive deep earn trust customer obsession bias for action frugality was it",
    "to of I the latency 40% by was reduced and from service the our in",
    "I moved kafka, redis, python, docker, grafana, terraform, spark and the rest",
    "the of and to in it was that",
    "latency of the checkout service",
    "lost orders down",
    "40%",
    "...",
    "",
)
KEYWORDS: Final = """
    I 40% $1M result metric impact led owned reduced improved latency kafka ownership leadership
    team users data-driven scalable delivered launched , Amazon star
    """.split()  # noqa: SIM905  # a word list reads best as words


@pytest.mark.parametrize("text", STANDING)
def test_what_somebody_would_say_stands(text: str) -> None:
    assert [one.stands for one in sentences(text)] == [True]


@pytest.mark.parametrize("text", STRETCHES)
def test_what_only_looks_like_a_story_does_not(text: str) -> None:
    assert not any(one.stands or one.is_thin for one in sentences(text))


@pytest.mark.parametrize("text", ["I had to speed it up.", "It fell by 40%.", "It was on me."])
def test_a_whole_sentence_that_says_next_to_nothing_is_thin(text: str) -> None:
    (sentence,) = sentences(text)
    assert sentence.is_thin
    assert not sentence.stands


@pytest.mark.parametrize("text", STANDING)
def test_what_stands_is_not_thin(text: str) -> None:
    assert not any(one.is_thin for one in sentences(text))


@given(st.lists(st.sampled_from(KEYWORDS)))
def test_words_that_connect_nothing_never_make_a_sentence(words: list[str]) -> None:
    assert not CONNECTING & set(words)
    assert not any(one.stands or one.is_thin for one in sentences(" ".join(words)))


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title, lambda t: f"\n\t{t}  \r\n"])
@pytest.mark.parametrize("text", STANDING + STRETCHES)
def test_case_and_white_space_tell_nothing_apart(text: str, change: object) -> None:
    changed = change(text)  # type: ignore[operator]  # each is a function of a text
    assert [one.stands for one in sentences(changed)] == [one.stands for one in sentences(text)]


@pytest.mark.parametrize(
    ("text", "leader"),
    [
        ("I wrote the exporter myself.", "i"),
        ("I then quickly wrote the exporter.", "i"),
        ("When the pager went off, I called the bank.", "i"),
        ("I've asked the bank for a test account.", "i"),
        ("We wrote the exporter.", "we"),
        ("We\u2019d written the exporter before.", "we"),
        ("I was there when we wrote the exporter.", "we"),
        ("We moved the queue to a log I led I owned.", "we"),
        ("I led, I owned, I drove impact.", None),
        ("I metric the result of it.", None),
        ("I was responsible for the exporter.", None),
        ("The exporter was written.", None),
    ],
)
def test_somebody_does_something_in_it(text: str, leader: str | None) -> None:
    (one,) = sentences(text)
    assert one.led_by == leader


def test_bullets_numbers_and_marks_end_sentences() -> None:
    text = "- Read the log\n* wrote a test\n2. asked why; left! (3) Was it e.g. this? Yes 1.5 times"
    assert [" ".join(one.tokens) for one in sentences(text)] == [
        "read the log",
        "wrote a test",
        "asked why",
        "left",
        "was it e g this",
        "yes 1.5 times",
    ]


def test_a_figure_does_not_make_a_sentence_another_one() -> None:
    one, other = sentences("It fell by 40% in May. It fell by 50% in May.")
    assert one.key == other.key
    assert one != other


@pytest.mark.parametrize(
    ("text", "last"),
    [("One. Two. Three", " Three"), ("One. Two.\n", " Two.\n"), ("One", "One"), ("", "")],
)
def test_the_last_sentence_is_found_in_the_text_itself(text: str, last: str) -> None:
    assert text[last_sentence(text) :] == last


def test_english_is_told_from_its_small_words() -> None:
    assert english(" ".join(STANDING)) > 0.4
    assert english("Ich habe das Protokoll gelesen und danach alles neu geschrieben.") < 0.1
    assert english("") == 0
