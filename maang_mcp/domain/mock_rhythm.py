"""When mock interviews come in a study plan: after the basics, weekly, closer towards the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from .practice_days import Slot
from .skills import Round

MOCK_MINUTES = 45
"""Minutes of a mock interview."""
MOCK_SHARE = 0.35
"""Part of the time that mocks may take: with few hours there is less than one a week."""
MOCK_EVERY = timedelta(days=7)
"""Between mocks, before the final stretch."""
MOCK_EVERY_AT_THE_END = timedelta(days=3)
"""Between mocks in the final stretch."""
FINAL_STRETCH = timedelta(days=14)
"""Days before the goal in which mocks come closer together."""
BASICS = timedelta(days=7)
"""Practice of a beginner before the first mock, in plans of two weeks or more."""


@dataclass(frozen=True, slots=True)
class Mocks:
    """When mock interviews come: the kinds take turns, the first not before `first`.

    `every` is the least time between two, `every_at_the_end` from `final` on.
    """

    rounds: tuple[Round, ...]
    first: date
    final: date
    every: timedelta
    every_at_the_end: timedelta

    @classmethod
    def spaced(
        cls,
        rounds: tuple[Round, ...],
        starts_on: date,
        until: date,
        minutes_per_week: int,
        *,
        beginner: bool,
    ) -> Mocks:
        """The usual rhythm, slower where a week has little time."""
        whole = until - starts_on
        wait = min(BASICS, whole / 2) if beginner else timedelta(days=1)
        slowest = timedelta(days=ceil(7 * MOCK_MINUTES / (MOCK_SHARE * minutes_per_week)))
        return cls(
            rounds,
            starts_on + wait,
            until - FINAL_STRETCH,
            max(MOCK_EVERY, slowest),
            max(MOCK_EVERY_AT_THE_END, slowest),
        )

    def is_due(self, slot: Slot, last: date | None) -> bool:
        """Whether a mock belongs on this day; never on the last."""
        if not self.rounds or slot.is_last or slot.day < self.first:
            return False
        every = self.every_at_the_end if slot.day >= self.final else self.every
        return last is None or slot.day - last >= every
