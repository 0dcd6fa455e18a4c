"""The story bank: what is read from the stories that are remembered."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maang_mcp.content.principles import principles, resolve_principle
from maang_mcp.domain.company import company as company_of
from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.domain.principles import Principle
from maang_mcp.domain.profile import Learner, Profile
from maang_mcp.domain.scrubbing import label
from maang_mcp.domain.skills import Round
from maang_mcp.domain.story import Story, read_story
from maang_mcp.domain.story_critique import Finding, Status, critique, status_of
from maang_mcp.domain.story_gaps import Coverage, fits, gaps, nearest_gaps

from .answers.stories import (
    CompanyStories,
    PrincipleCovered,
    StoriesStanding,
    StoryBank,
    StoryFinding,
    StoryRead,
    StoryShown,
)

if TYPE_CHECKING:
    from db import Store, UnitOfWork

STORIES_SHOWN = 50
GAPS_SHOWN = 5
GAPS_AMONG_OTHERS = 3
"""Gaps in a report that is about other rounds too."""
PRINCIPLES_SHOWN = 2
"""Of one company, that a story could be told for."""
LONGEST_LABEL = 60
"""Characters of a title or a company's name in a list."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A story on record, read and judged."""

    memory: Memory
    story: Story
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, memory: Memory) -> Kept:
        """The story a memory is."""
        story = read_story(memory.title, memory.content, memory.tags, resolve_principle)
        return cls(memory, story, critique(story))

    @property
    def status(self) -> Status:
        """How far it is."""
        return status_of(self.findings)


class Stories:
    """Use-cases that look at the stories; `Memories` keeps them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def bank(self, learner: Learner) -> StoryBank:
        """Every story as it is understood."""
        async with self._store.reading(learner.id) as uow:
            profile = await uow.learner.profile()
            kept = await _kept(uow)
        shown = kept[:STORIES_SHOWN]
        counts = Counter(one.status for one in kept)
        found = (finding for one in shown for finding in one.findings)
        covered = gaps([(one.story, one.status) for one in kept], _targeted(profile))
        return StoryBank(
            status=_counted(counts),
            ready=counts[Status.READY],
            refined=counts[Status.REFINED],
            draft=counts[Status.DRAFT],
            stories=[_shown(one) for one in shown],
            left_out=len(kept) - len(shown),
            advice={finding.flaw: finding.advice for finding in found},
            gaps=[one.said for one in nearest_gaps(covered, len(covered))],
        )

    async def of_company(self, learner: Learner, company: str) -> CompanyStories:
        """Which principles of a company have a story.

        Raises InvalidInput for what is no name of a company.
        """
        asked = principles(company)
        name = asked[0].company if asked else label(company_of(company).name)
        async with self._store.reading(learner.id) as uow:
            kept = await _kept(uow)
        covered = gaps([(one.story, one.status) for one in kept], asked)
        return CompanyStories(
            status=_company_status(name, covered),
            company=name,
            principles=[_covered(one, kept) for one in covered],
        )


def story_read(kept: Kept, profile: Profile) -> StoryRead:
    """A story as it is answered when it was told."""
    return StoryRead(
        status=kept.status,
        missing=[finding.missing for finding in kept.findings if finding.missing],
        findings=[StoryFinding(finding.flaw, finding.advice) for finding in kept.findings],
        spoken_minutes=kept.story.spoken_minutes,
        principles=_named(kept.story.principles),
        used_with=_used_with(kept.story),
        fits=_fitting(kept.story, profile),
    )


def story_status(kept: Kept) -> str:
    """How far a story is, in a sentence."""
    missing = [finding.missing for finding in kept.findings if finding.missing]
    if missing:
        verb = "are" if len(missing) > 1 else "is"
        return f"A {kept.status}: {', '.join(missing)} {verb} missing."
    count = len(kept.findings)
    if count == 0:
        return "Ready: nothing was found that it lacks."
    return f"{kept.status.capitalize()}, with {count} finding{'s' * (count > 1)}."


async def standing(
    uow: UnitOfWork, profile: Profile, round: Round | None
) -> StoriesStanding | None:
    """The bank in short; None where nobody asks: for another round, or for all of them when there
    is neither a story nor a principle to have one for."""
    if round not in (None, Round.BEHAVIORAL):
        return None
    kept = await _kept(uow)
    wanted = _targeted(profile)
    if round is None and not kept and not wanted:
        return None
    counts = Counter(one.status for one in kept)
    covered = gaps([(one.story, one.status) for one in kept], wanted)
    first = nearest_gaps(covered, GAPS_SHOWN if round else GAPS_AMONG_OTHERS)
    return StoriesStanding(
        ready=counts[Status.READY],
        refined=counts[Status.REFINED],
        draft=counts[Status.DRAFT],
        gaps=[one.said for one in first],
        more_gaps=sum(one.is_gap for one in covered) - len(first),
    )


async def _kept(uow: UnitOfWork) -> list[Kept]:
    memories = await uow.memory.current(MemoryKind.STORY)
    # Milliseconds for each: others are served meanwhile.
    return await asyncio.to_thread(lambda: [Kept.of(memory) for memory in memories])


def _targeted(profile: Profile) -> tuple[Principle, ...]:
    """The principles of the target companies, each once."""
    found: dict[Principle, None] = {}
    for name in profile.target_companies:
        try:
            found |= dict.fromkeys(principles(name))
        except InvalidInput:  # a profile holds whatever was told
            continue
    return tuple(found)


def _fitting(story: Story, profile: Profile) -> list[str]:
    used = {one.company for told in story.used_with for one in principles(told.name)[:1]}
    could: dict[str, list[str]] = {}
    for one in _targeted(profile) or principles():
        if one.company not in used and fits(story, one):
            could.setdefault(one.company, []).append(one.name)
    return [f"{name}: {', '.join(told[:PRINCIPLES_SHOWN])}" for name, told in could.items()]


def _shown(kept: Kept) -> StoryShown:
    story = kept.story
    missing = {finding.missing for finding in kept.findings}
    return StoryShown(
        uri=kept.memory.uri,
        title=label(story.title)[:LONGEST_LABEL],
        status=kept.status,
        parts=[part for part in story.parts if part not in missing],
        principles=_named(story.principles),
        has_metric=story.has_metric,
        spoken_minutes=story.spoken_minutes,
        used_with=_used_with(story),
        findings=[finding.flaw for finding in kept.findings],
    )


def _covered(coverage: Coverage, kept: Sequence[Kept]) -> PrincipleCovered:
    order = list(reversed(Status))
    named = [one for one in kept if coverage.principle in one.story.principles]
    named.sort(key=lambda one: order.index(one.status))
    return PrincipleCovered(
        principle=coverage.principle.name,
        ready=coverage.ready,
        refined=coverage.refined,
        draft=coverage.draft,
        stories=[one.memory.uri for one in named[:GAPS_SHOWN]],
    )


def _named(found: Iterable[Principle]) -> list[str]:
    return [f"{one.name} ({one.company})" for one in found]


def _used_with(story: Story) -> list[str]:
    return [label(one.name)[:LONGEST_LABEL] for one in story.used_with]


def _counted(counts: Counter[Status]) -> str:
    total = counts.total()
    if total == 0:
        return "There is no story yet."
    told = [f"{counts[status]} {status}" for status in reversed(Status) if counts[status]]
    return f"{total} {'story' if total == 1 else 'stories'}: {', '.join(told)}."


def _company_status(name: str, covered: Sequence[Coverage]) -> str:
    if not covered:
        return f"No principles of {name} are known here: prepare its stories by competency."
    ready = sum(not one.is_gap for one in covered)
    return f"{name}: {ready} of {len(covered)} principles have a ready story."
