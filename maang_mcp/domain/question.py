"""Interview questions of our own: what the candidate sees, the interviewer's guide, the hints.

The three are separate values, so that handing one out cannot hand out another. What only the
server sees, tests and solutions, is a fourth (`code_task`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .code_task import CodeTask
from .guides import AssistedGuide, BehavioralGuide, CodingGuide, DesignGuide
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
class SourceFile:
    """A file of the small repository that a candidate works on."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything the candidate may see from the start."""

    statement: str
    examples: tuple[Example, ...] = ()
    constraints: tuple[str, ...] = ()
    files: tuple[SourceFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of the bank; `skills` are ids of the skill graph, the primary one first.

    `minutes` is the time a candidate of each level gets for a complete answer. Raises ValueError
    for anything missing or doubled: the bank is the product's own data.
    """

    slug: str
    title: str
    difficulty: Difficulty
    skills: tuple[str, ...]
    minutes: Mapping[Level, int]
    brief: Brief
    guide: CodingGuide | DesignGuide | BehavioralGuide | AssistedGuide
    hints: tuple[str, ...] = ()
    code: CodeTask | None = None
    round: Round

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


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingQuestion(Question):
    """A task to be solved in code, with tests that can tell."""

    guide: CodingGuide
    hints: tuple[str, str, str, str]
    code: CodeTask
    round: Round = Round.CODING


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignQuestion(Question):
    """A system to be designed."""

    guide: DesignGuide
    hints: tuple[str, str, str, str]
    round: Round = Round.SYSTEM_DESIGN


@dataclass(frozen=True, slots=True, kw_only=True)
class BehavioralQuestion(Question):
    """A question about what the candidate has done; there is nothing to hint at."""

    guide: BehavioralGuide
    hints: tuple[()] = ()
    round: Round = Round.BEHAVIORAL


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistedQuestion(Question):
    """A small repository with a planted defect and a goal, to be reached with an assistant."""

    guide: AssistedGuide
    hints: tuple[str, str, str, str]
    code: CodeTask
    round: Round = Round.AI_ASSISTED
