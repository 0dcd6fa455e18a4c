"""What may pass between the coach and an interviewer."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.interview_coach.schemas import (
    STATED,
    Ending,
    InterviewBrief,
    Round,
    Scorecard,
    typed_brief,
)
from maang_mcp.domain import skills
from maang_mcp.domain.interview import Status
from maang_mcp.domain.verdict import Label

PAUSED = {"summary": "Paused.", "verdict": "paused", "round": "coding"}


def test_the_words_for_rounds_and_endings_are_the_servers() -> None:
    assert set(get_args(Round)) == {one.value for one in skills.Round}
    unscored = {Status.PAUSED.value, Status.ABANDONED.value, "no verdict"}
    assert set(get_args(Ending)) == {label.value for label in Label} | unscored


def test_a_brief_keeps_what_was_asked_for_and_fills_in_the_usual() -> None:
    assert typed_brief({"company": "Google", "onsite": True}) == {
        "company": "Google",
        "minutes": 45,
        "onsite": True,
        "fresh": False,
    }


@pytest.mark.parametrize(
    "wrong", [{"minutes": 500}, {"minutes": "long"}, {"company": ["a"]}, {"manner": "x" * 201}]
)
def test_what_is_no_field_of_a_brief_or_none_of_its_kind_counts_as_unsaid(
    wrong: dict[str, Any],
) -> None:
    assert typed_brief({"level": "L5", "weaknesses": "many"} | wrong) == typed_brief(
        {"level": "L5"}
    )


@given(
    st.dictionaries(
        st.sampled_from([*InterviewBrief.model_fields, "transcript"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=300) | st.lists(st.text()),
    )
)
def test_every_brief_however_it_was_put_is_one_that_validates(told: dict[str, Any]) -> None:
    brief = typed_brief(told)
    assert brief.keys() <= InterviewBrief.model_fields.keys()
    InterviewBrief.model_validate(brief)
    assert json.loads(json.dumps(brief)) == brief, "ADK stores it as JSON"


def test_an_interviewer_is_shown_the_one_field_it_states() -> None:
    schema = Scorecard.model_json_schema()
    assert schema["properties"].keys() == set(schema["required"]) == STATED


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "hire"},
        {"verdict": None},
        {"round": "lunch"},
        {"summary": ""},
        {"average": 4.5},
        {"guide": "two chains"},
        {"next_review": "soon"},
        {"scores": [{"dimension": "testing", "score": 5}]},
    ],
)
def test_a_scorecard_off_the_scale_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Scorecard.model_validate(PAUSED | change)


def test_a_pause_is_a_whole_scorecard() -> None:
    assert Scorecard.model_validate(PAUSED).scores == []
