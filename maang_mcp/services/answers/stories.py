"""Answers about behavioral stories: everything in them is read from the stories' texts."""

from __future__ import annotations

from dataclasses import dataclass

from maang_mcp.domain.star import Part
from maang_mcp.domain.story_critique import Flaw, Status


@dataclass(frozen=True, slots=True)
class StoryFinding:
    """One flaw and what to do about it."""

    flaw: Flaw
    advice: str


@dataclass(frozen=True, slots=True)
class StoryRead:
    """A story as it was understood. `fits` names principles it could be told for, by companies it
    was not used with yet: those the learner prepares for, or all that are known."""

    status: Status
    missing: list[Part]
    findings: list[StoryFinding]
    spoken_minutes: float
    principles: list[str]
    used_with: list[str]
    fits: list[str]


@dataclass(frozen=True, slots=True)
class StoryShown:
    """One story of the bank; `parts` are those that are told."""

    uri: str
    title: str
    status: Status
    parts: list[Part]
    principles: list[str]
    has_metric: bool
    spoken_minutes: float
    used_with: list[str]
    findings: list[Flaw]


@dataclass(frozen=True, slots=True)
class StoryBank:
    """Every story that no other superseded, the latest first; `left_out` did not fit. `advice` says
    what to do about each of the findings, `gaps` which principles have no ready story."""

    status: str
    ready: int
    refined: int
    draft: int
    stories: list[StoryShown]
    left_out: int
    advice: dict[Flaw, str]
    gaps: list[str]


@dataclass(frozen=True, slots=True)
class PrincipleCovered:
    """A principle with the number of stories that name it, and their addresses, ready ones
    first."""

    principle: str
    ready: int
    refined: int
    draft: int
    stories: list[str]


@dataclass(frozen=True, slots=True)
class CompanyStories:
    """The story bank as one company would ask for it."""

    status: str
    company: str
    principles: list[PrincipleCovered]


@dataclass(frozen=True, slots=True)
class StoriesStanding:
    """The story bank in short: `gaps` are principles of the target companies without a ready story,
    those that take least to close first; there are `more_gaps`."""

    ready: int
    refined: int
    draft: int
    gaps: list[str]
    more_gaps: int
