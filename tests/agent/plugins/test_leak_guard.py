"""What counts as the guide's words and what does not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest

from agent.interview_coach.plugins.leak_guard import RUN, SPEAKABLE, Secrets
from maang_mcp.content.questions import questions
from maang_mcp.content.rounds import rounds
from maang_mcp.domain.level import Level
from maang_mcp.domain.question import Question

GUIDE = {
    "do": ["Ask for time and space cost, and why the idea is correct."],
    "never_say": ["that an approach is right or wrong before the candidate has argued for it"],
    "notes": {
        "look_for": ["two chains with their ends remembered, joined at the end"],
        "expected_complexity": ["time O(n log n), space O(1)"],
        "if_asked": [
            "Can the train be empty? Yes; then there is nothing to return.",
            "Can all wagons be bound for the station? That happens too.",
            "Are destinations compared exactly? Yes, letter by letter as they stand.",
            "How long is a train at most? A million wagons, on a bad day.",
            "May the wagons be copied for it? No, they are coupled anew.",
        ],
    },
}


@pytest.fixture
def secrets() -> Secrets:
    """What one phase of an interview has told its interviewer."""
    heard = Secrets()
    heard.hear(
        {
            "interviewer_guide": GUIDE,
            "candidate_brief": {"text": "All wagons bound for the station must go to the end."},
            "chosen_because": "Linked list is untested; medium suits this level.",
        }
    )
    return heard


@pytest.mark.parametrize(
    "words",
    [
        "Two chains with their ends remembered, joined at the end.",
        "I look for TWO chains -- with their *ends* remembered!",
        "You should keep two chains with\ntheir ends remembered.",
        "It should take time O(n log n), space O(1).",
        "I may not say that an approach is right or wrong before you argue.",
        "You got this one: linked list is untested; medium suits this level.",
    ],
)
def test_a_run_of_the_guides_words_is_a_leak_however_it_is_dressed(
    secrets: Secrets, words: str
) -> None:
    assert secrets.are_in(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Go on.",
        "Why two chains?",
        "What do time and space cost here?",
        "All wagons bound for the station must go to the end.",
        "Can the train be empty? Yes; then there is nothing to return.",
        "What is the time and space cost, and why is the idea correct?",
    ],
)
def test_ordinary_words_the_brief_and_a_single_clarification_are_none(
    secrets: Secrets, words: str
) -> None:
    assert not secrets.are_in(words)


def test_what_was_published_meanwhile_may_be_said(secrets: Secrets) -> None:
    told = "two chains with their ends remembered, joined at the end"
    secrets.hear({"hint": f"Keep {told}.", "hints_given": 3})
    assert not secrets.are_in(told)


def test_a_list_of_clarifications_is_the_guide_read_out(secrets: Secrets) -> None:
    answers: Any = GUIDE["notes"]
    few, many = answers["if_asked"][: SPEAKABLE["if_asked"]], answers["if_asked"]
    assert not secrets.are_in(" ".join(few))
    assert secrets.are_in(" ".join(many))


def _handed_out(question: Question) -> Iterator[dict[str, Any]]:
    spec, _ = rounds()[question.round]
    for phase in spec.phases:
        yield {
            "guide": {
                "do": list(phase.interviewer_does),
                "never_say": list(phase.must_not_say),
                "move_on_when": list(phase.exit_when),
                "notes": {
                    name: list(entries)
                    for name, entries in question.guide.notes(phase.kind, Level.SENIOR).items()
                },
            }
        }


def test_of_every_guide_in_the_bank_the_private_part_is_guarded_and_the_rest_may_be_said() -> None:
    for question in questions().values():
        secrets = Secrets()
        for result in _handed_out(question):
            secrets.hear(result)
        notes = [item for one in _handed_out(question) for item in one["guide"]["notes"].items()]
        private = {entry for name, of in notes if name not in SPEAKABLE for entry in of}
        assert all(secrets.are_in(entry) for entry in private if len(entry.split()) >= RUN)
        published = [question.brief.statement, *question.hints]
        secrets.hear({"candidate_brief": {"text": published[0]}, "hint": published[1:]})
        sayable = {entry for name, entries in notes if name in SPEAKABLE for entry in entries}
        assert not [text for text in {*published, *sayable} if secrets.are_in(text)]


def test_questions_put_in_one_interview_are_not_taken_for_the_guide_of_another() -> None:
    """Ordinary interview talk, as far as the bank holds any, has no run in common with a guide."""
    for kind in {question.round for question in questions().values()}:
        bank = [question for question in questions().values() if question.round is kind]
        guarded, *others = bank
        secrets = Secrets()
        for result in _handed_out(guarded):
            secrets.hear(result)
        talk = chain.from_iterable(
            entries
            for question in others
            for result in _handed_out(question)
            for name, entries in result["guide"]["notes"].items()
            if name in SPEAKABLE
        )
        assert not [text for text in talk if secrets.are_in(text)]
