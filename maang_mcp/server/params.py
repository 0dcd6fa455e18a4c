"""The vocabulary of parameters: each is described once, for every tool that takes it.

Descriptions are what a model reads before it calls; they are short because all of them travel
with every conversation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema

from maang_mcp.domain.attempt import Mistake, Outcome
from maang_mcp.domain.memory import MemoryKind
from maang_mcp.domain.problem import Difficulty
from maang_mcp.domain.skills import Round

LONGEST_TEXT = 200_000
LONGEST_NAME = 500


def _parsed(value: Any) -> Any:
    """Some clients send a list or object as the JSON text of it."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _listed(value: Any) -> Any:
    """A list, its JSON text, or one bare word."""
    parsed = _parsed(value)
    if isinstance(parsed, str):
        return [part.strip() for part in parsed.split(",") if part.strip()]
    return () if parsed is None else parsed


Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
Name = Annotated[str, Field(max_length=LONGEST_NAME)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_listed)]

Query = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
ProblemName = Annotated[Name, Field(description="Slug, number, title or URL", min_length=1)]
OutcomeParam = Annotated[Outcome, Field()]
Minutes = Annotated[float | None, Field(gt=0, le=1440)]
Hints = Annotated[int, Field(ge=0, le=100)]
Mistakes = Annotated[tuple[Mistake, ...], BeforeValidator(_listed)]
SameMistakes = Annotated[
    tuple[Mistake, ...],
    BeforeValidator(_listed),
    WithJsonSchema(
        {"type": "array", "items": {"type": "string"}, "description": "As in record_attempt"}
    ),
]
"""The same, for a second tool: the words travel with a conversation once."""
Culprit = Annotated[Name | None, Field(description="The skill that failed, after a failure")]
Confidence = Annotated[int | None, Field(ge=1, le=5, description="1-5")]
Moment = Annotated[Name | None, Field()]
When = Annotated[Name | None, Field(description="ISO date or time")]
Id = Annotated[UUID | None, Field()]
RetryId = Annotated[UUID | None, Field(description="Your own UUID makes a retry safe")]
RoundParam = Annotated[Round, Field()]
RoundFilter = Annotated[Round | None, WithJsonSchema({"type": "string"})]
DifficultyFilter = Annotated[Difficulty | None, Field()]
Topic = Annotated[Name | None, Field(description="Skill or family")]
Limit = Annotated[int, Field(ge=1, le=50)]
MaxMinutes = Annotated[int | None, Field(ge=1, le=1440)]
ListName = Annotated[Name | None, Field(description="e.g. blind75")]
Kind = Annotated[MemoryKind, Field()]
Kinds = Annotated[
    tuple[MemoryKind, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"type": "array", "items": {"type": "string"}}),
]
InterviewId = Annotated[UUID, Field()]


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """A rubric score with its evidence."""

    dimension: Name
    score: Annotated[int, Field(ge=1, le=4)]
    evidence: Annotated[tuple[Text, ...], BeforeValidator(_listed)]
    note: Text = ""


Scores = Annotated[tuple[DimensionScore, ...], BeforeValidator(_parsed)]
