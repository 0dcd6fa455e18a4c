"""An interview question of our own: what the candidate sees, the interviewer's guide, the hints.

The three are separate values, so that handing one out cannot hand out another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .attempt import Mistake
from .hints import HintLadder
from .level import Level
from .problem import Difficulty
from .skills import Round


@dataclass(frozen=True, slots=True)
class Example:
    """One input with its output, as the candidate sees it."""

    input: str
    output: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything the candidate may see from the start."""

    statement: str
    examples: tuple[Example, ...]
    constraints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clarification:
    """What the statement leaves open on purpose, and the answer for a candidate who asks."""

    asked: str
    answer: str


@dataclass(frozen=True, slots=True)
class CommonMistake:
    """How one of the mistakes of the vocabulary shows itself in this question."""

    mistake: Mistake
    shows_as: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What only the interviewer sees: `expected_time` and `expected_space` in big-O notation."""

    expected_time: str
    expected_space: str
    clarifications: tuple[Clarification, ...]
    look_for: tuple[str, ...]
    common_mistakes: tuple[CommonMistake, ...]
    follow_ups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the bank; `skills` are ids of the skill graph, the primary one first.

    `minutes` is the time a candidate of each level gets for a complete solution. Raises ValueError
    for anything missing or doubled: the bank is the product's own data.
    """

    slug: str
    title: str
    difficulty: Difficulty
    skills: tuple[str, ...]
    minutes: Mapping[Level, int]
    brief: Brief
    guide: Guide
    hints: HintLadder
    round: Round = Round.CODING

    def __post_init__(self) -> None:
        texts = (self.slug, self.title, self.brief.statement, *self.skills, *self.hints)
        if not all(text.strip() for text in texts):
            raise ValueError(f"{self.slug or self.title!r} has an empty text")
        if not self.skills or len(set(self.skills)) != len(self.skills):
            raise ValueError(f"{self.slug!r} needs skills, each once")
        if len(set(self.hints)) != len(self.hints):
            raise ValueError(f"{self.slug!r} gives the same hint twice")
        if set(self.minutes) != set(Level) or min(self.minutes.values()) <= 0:
            raise ValueError(f"{self.slug!r} needs minutes for every level")
        if not (self.brief.examples and self.brief.constraints and self.guide.look_for):
            raise ValueError(f"{self.slug!r} needs examples, constraints and what to look for")
