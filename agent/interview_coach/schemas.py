"""What the coach and an interviewer hand each other: a brief in, a scorecard out, nothing else.

The two agents share no transcript. What an interviewer must not know (earlier attempts, weaknesses,
what the candidate told the coach) has no field in the brief, and what the coach must not know (the
interviewer's guide, the transcript) has none in the scorecard.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Round = Literal["coding", "system_design", "behavioral", "ai_assisted"]
Name = Annotated[str, Field(max_length=200)]

Ending = Literal[
    "strong hire",
    "leaning hire",
    "leaning no hire",
    "strong no hire",
    "paused",
    "abandoned",
    "no verdict",
]
"""How an interview ended: the server's verdict, or that there is none, and why."""


class InterviewBrief(BaseModel):
    """What an interviewer is told before the interview."""

    model_config = ConfigDict(extra="ignore")

    company: Name | None = Field(None, description="As the candidate said it")
    level: Name | None = Field(None, description="Likewise, e.g. 'L5'")
    minutes: int = Field(45, ge=15, le=60)
    focus: Name | None = Field(None, description="Only a wish of the candidate's")
    question: Name | None = Field(None, description="Only one the candidate named")
    onsite: bool = Field(False, description="Next round of a whole loop")
    fresh: bool = Field(
        False, description="They agreed to abandon the open interview; a loop loses its round only"
    )
    language: Name | None = Field(None, description="If not English")
    manner: Name | None = Field(None, description="How to address them; nothing they know or did")


def typed_brief(told: Mapping[str, Any]) -> dict[str, Any]:
    """The brief in `told`: unknown fields left out, and fields of the wrong kind as if not said.

    ADK shows an interviewer the coach's words as they came, and a session whose delegation does
    not validate can never be continued.
    """
    try:
        brief = InterviewBrief.model_validate(told)
    except ValidationError as error:
        wrong = {problem["loc"][0] for problem in error.errors()}
        brief = InterviewBrief.model_validate(
            {name: value for name, value in told.items() if name not in wrong}
        )
    return brief.model_dump(exclude_none=True)


class DimensionScore(BaseModel):
    """One dimension of the rubric as it counts."""

    dimension: str
    score: Annotated[int, Field(ge=1, le=4)]
    ceiling: str | None = Field(None, description="What lowered it")
    quote: str | None = Field(None, description="Verified words it rests on")


class OnsiteStanding(BaseModel):
    """Where a whole loop stands; `round` counts from 1."""

    round: int
    rounds: list[Round]
    verdicts: list[str | None]
    packet: str | None = None
    decided_by: str | None = None


STATED: Final = frozenset({"summary"})
"""The fields an interviewer states itself; all others are the server's record."""


def _only_stated(schema: dict[str, Any]) -> None:
    """Shows the model no field that it does not state: what cannot be said cannot be invented."""
    properties = schema["properties"]
    schema["properties"] = {name: properties[name] for name in properties if name in STATED}
    schema["required"] = sorted(STATED)
    for unused in ("title", "description", "$defs"):
        schema.pop(unused, None)


class Scorecard(BaseModel):
    """What the coach learns of an interview: the server's record of it, and one line."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_only_stated)

    summary: str = Field(
        min_length=1, max_length=400, description="One sentence: what was done and how it ended"
    )
    verdict: Ending
    round: Round
    interview_id: str | None = None
    average: Annotated[float, Field(ge=1, le=4)] | None = None
    scores: list[DimensionScore] = []
    would_have_raised_it: list[str] = []
    uncertainty: str | None = None
    hints_given: int | None = None
    tests_failed: int | None = None
    next_review: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None
    """A date in text: ADK stores the scorecard as JSON without converting it."""
    onsite: OnsiteStanding | None = None
    reference_solution: str | None = None
    """Ours, now that the round is over."""
    open_round: Round | None = None
    """The round of another interview that is open, for its interviewer to lead."""
