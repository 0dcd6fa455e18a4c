"""The vocabulary of parameters: each is described once, for every tool that takes it.

Descriptions are what a model reads before it calls; they are short because all of them travel
with every conversation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from maang_mcp.domain.attempt import Mistake, Outcome
from maang_mcp.domain.memory import MemoryKind
from maang_mcp.domain.planning import Practice
from maang_mcp.domain.problem import Difficulty
from maang_mcp.domain.skills import Round

LONGEST_TEXT = 200_000
LONGEST_NAME = 500
LONGEST_QUERY = 8_000  # reading a period and words out of 200,000 takes a second


def _parsed(value: Any) -> Any:
    """Some clients send a list or object as the JSON text of it."""
    if _looks_like_json(value):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _looks_like_json(value: Any) -> bool:
    return isinstance(value, str) and value.lstrip()[:1] in ("[", "{")


def _listed(value: Any) -> Any:
    """A list, its JSON text, or bare words between commas."""
    parsed = _parsed(value)
    if isinstance(parsed, str) and not _looks_like_json(parsed):
        return [part.strip() for part in parsed.split(",") if part.strip()]
    return () if parsed is None else parsed


def _listed_or_none(value: Any) -> Any:
    """The same where saying nothing differs from an empty list."""
    return None if value is None else _listed(value)


def _quoted(value: Any) -> Any:
    """A list of quotes, its JSON text, or one quote; a comma belongs to the quote."""
    parsed = _parsed(value)
    return (parsed,) if isinstance(parsed, str) else parsed


def _objects(value: Any, form: str) -> list[dict[str, Any]]:
    """A list of objects, its JSON text, or one of them; `form` is what they are refused with."""
    parsed = _parsed(value)
    listed = [parsed] if isinstance(parsed, dict) else parsed
    if not isinstance(listed, (list, tuple)) or not all(isinstance(one, dict) for one in listed):
        raise PydanticCustomError("objects", "Input should be a list of {form}", {"form": form})
    return list(listed)


_SAID = {"role": "speaker", "name": "speaker", "content": "text", "timestamp": "when"}


def _turns(value: Any) -> Any:
    """A list of turns, its JSON text, or one turn; also in the words of chat interfaces."""
    if _parsed(_unless_empty(value)) is None:
        return ()
    return [
        {_SAID.get(name, name): part for name, part in turn.items()}
        for turn in _objects(value, "{speaker, text}")
    ]


def _scores(value: Any) -> list[dict[str, Any]]:
    """A list of scores, its JSON text, or one score."""
    return _objects(value, "{dimension, score, evidence}")


def _content(value: Any) -> str:
    """A text, or blocks of text as messages are made of, joined by line ends. What is a text
    already stays as it is even if it looks like blocks: it may be what is to be kept."""
    if isinstance(value, str):
        return value
    blocks = [value] if isinstance(value, dict) else value
    if isinstance(blocks, list) and all(map(_is_text, blocks)):
        return "\n".join(block["text"] for block in blocks)
    raise PydanticCustomError("text", "Input should be text, or blocks of type text")


def _is_text(block: Any) -> bool:
    return (
        isinstance(block, dict)
        and block.get("type", "text") == "text"
        and isinstance(block.get("text"), str)
    )


def _unless_empty(value: Any) -> Any:
    """Models fill in what they have nothing to say about with an empty text."""
    return None if isinstance(value, str) and not value.strip() else value


Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
Content = Annotated[Text, BeforeValidator(_content)]
Name = Annotated[str, Field(max_length=LONGEST_NAME)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_listed)]

Companies = Annotated[
    tuple[Annotated[str, Field(max_length=100)], ...],
    BeforeValidator(_listed),
    Field(max_length=20),
]
Instructions = Annotated[str, Field(max_length=4_000)]
"""Part of every answer about the profile, so bounded by what an answer can hold."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody said."""

    text: Content
    speaker: Name = ""
    when: Name | None = None


Query = Annotated[str, Field(min_length=1, max_length=LONGEST_QUERY)]
ProblemName = Annotated[Name, Field(description="Slug, number, title or URL", min_length=1)]
OutcomeParam = Annotated[Outcome, Field()]
Minutes = Annotated[float | None, Field(gt=0, le=1440)]
Hints = Annotated[int, Field(ge=0, le=100)]
Mistakes = Annotated[tuple[Mistake, ...], BeforeValidator(_listed)]
SameOutcome = Annotated[
    Outcome,
    WithJsonSchema({"type": "string", "description": "In record_attempt's words, as mistakes"}),
]
SameMistakes = Annotated[
    tuple[Mistake, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"type": "array", "items": {"type": "string"}}),
]
"""The same, for a second tool: the words travel with a conversation once."""
Culprit = Annotated[Name | None, Field(description="After a failure: the skill to blame")]
AskedBy = Annotated[Companies, Field(description="Who asked it")]
OwnTag = Annotated[Name | None, Field(description="By own tags")]
KindOfPractice = Annotated[Practice | None, Field()]
Confidence = Annotated[int | None, Field(ge=1, le=5, description="1-5")]
Moment = Annotated[Name | None, Field()]
When = Annotated[Name | None, Field(description="ISO time, or '3 days ago'")]
Id = Annotated[UUID | None, BeforeValidator(_unless_empty)]
RetryId = Annotated[Id, Field(description="Your own UUID: safe to retry")]
RoundParam = Annotated[Round, Field()]
RoundName = Annotated[Round, WithJsonSchema({"type": "string"})]
RoundFilter = Annotated[Round | None, WithJsonSchema({"type": "string"})]
"""Without the words, which travel with `start_interview`."""
DifficultyParam = Annotated[Difficulty | None, WithJsonSchema({"type": "string"})]
Topic = Annotated[Name | None, Field(description="Skill or family")]
Limit = Annotated[int, Field(ge=1, le=50)]
MaxMinutes = Annotated[int | None, Field(ge=1, le=1440)]
ListName = Annotated[Name | None, Field(description="e.g. blind75")]
Kind = Literal[
    MemoryKind.NOTE,
    MemoryKind.LESSON,
    MemoryKind.CHECKPOINT,
    MemoryKind.STORY,
    MemoryKind.RESUME,
    MemoryKind.JOB_DESCRIPTION,
    MemoryKind.DOCUMENT,
    MemoryKind.TURN,
]
"""What a client may keep; attempts, interviews and their feedback are kept by what makes them."""
Kinds = Annotated[
    tuple[MemoryKind, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"type": "array", "items": {"type": "string"}}),
]
Conversation = Annotated[Name | None, Field(description="Name or interview id")]
Turns = Annotated[
    tuple[Turn, ...],
    BeforeValidator(_turns),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "object"},
            "description": "Instead of content: {speaker, text, when?}",
        }
    ),
]
InterviewId = Annotated[UUID, Field()]
Until = Annotated[Name | None, Field(description="Date, or '6 weeks'")]
HoursPerWeek = Annotated[float | None, Field()]
RestDays = Annotated[tuple[Name, ...] | None, BeforeValidator(_listed_or_none), Field(max_length=7)]
Rounds = Annotated[
    tuple[Round, ...] | None,
    BeforeValidator(_listed_or_none),
    WithJsonSchema({"type": "array", "items": {"type": "string"}}),
]


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """A rubric score with its evidence."""

    dimension: Name
    score: Annotated[int, Field(ge=1, le=4)]
    evidence: Annotated[tuple[Text, ...], BeforeValidator(_quoted)]
    note: Text = ""


Scores = Annotated[tuple[DimensionScore, ...], BeforeValidator(_scores)]
