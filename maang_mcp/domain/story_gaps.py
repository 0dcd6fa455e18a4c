"""Which principles of a company have a story, and for which companies a story could be told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .principles import Principle
from .story import Story
from .story_critique import Status


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many stories name a principle, by how far they are."""

    principle: Principle
    ready: int
    refined: int
    draft: int

    @property
    def is_gap(self) -> bool:
        """Whether no story for it is ready."""
        return self.ready == 0

    @property
    def said(self) -> str:
        """ "Dive Deep for Amazon: none ready, 1 refined"."""
        begun = [
            f"{n} {name}" for n, name in ((self.refined, "refined"), (self.draft, "draft")) if n
        ]
        count = f"{self.ready} ready" if self.ready else "none ready"
        return f"{self.principle.name} for {self.principle.company}: {', '.join((count, *begun))}"


def gaps(
    stories: Sequence[tuple[Story, Status]], principles: Iterable[Principle]
) -> tuple[Coverage, ...]:
    """How every one of the principles is covered, in their order, by stories that are so far.

    A story counts for the principles it names itself, and for no other.
    """

    def count(principle: Principle, status: Status) -> int:
        return sum(one is status and principle in story.principles for story, one in stories)

    return tuple(
        Coverage(
            principle,
            count(principle, Status.READY),
            count(principle, Status.REFINED),
            count(principle, Status.DRAFT),
        )
        for principle in principles
    )


def nearest_gaps(coverage: Iterable[Coverage], limit: int) -> tuple[Coverage, ...]:
    """The gaps that take least to close first: those with a refined story, then with a draft."""
    open_ones = [one for one in coverage if one.is_gap]
    open_ones.sort(key=lambda one: (one.refined == 0, one.draft == 0))
    return tuple(open_ones[:limit])


def fits(story: Story, principle: Principle) -> bool:
    """Whether a story can be told for a principle: it names it, or another company's that shows
    itself in the same skill first of all."""
    return any(
        named == principle
        or (named.company != principle.company and named.skills[0] == principle.skills[0])
        for named in story.principles
    )
