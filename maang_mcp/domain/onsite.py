"""An onsite loop: several rounds on one day, judged together as a hiring committee would.

    strong hire        every round at leaning hire or above, half of them or more strong hires
    leaning hire       no strong no hire; at most one leaning no hire, made up for by a strong hire
    leaning no hire    half of the rounds or more at leaning hire or above
    strong no hire     everything else

From senior on, the design and the behavioral round carry the level: there a leaning no hire cannot
be made up for. Each line asks for more than the line below it, and for nothing that a better round
could break: a better round never lowers the packet.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from .level import Level
from .skills import Round
from .verdict import Label

OPEN_FOR: Final = timedelta(hours=36)
"""A loop is one day's work; what is not begun by the evening after is not of the same form."""

CARRY_THE_LEVEL: Final = frozenset({Round.SYSTEM_DESIGN, Round.BEHAVIORAL})


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop as it was planned: `rounds` in the order of the day, `minutes` for each."""

    id: UUID
    company: str | None
    level: Level
    minutes: int
    rounds: tuple[Round, ...]
    started_at: datetime
    abandoned: bool = False

    def next_position(self, judged: Collection[int], at: datetime) -> int | None:
        """The position, from 1, of the first round without a verdict: it can be begun, or begun
        again if it was given up. None when there is no such round, or the loop is over."""
        if self.abandoned or at - self.started_at > OPEN_FOR:
            return None
        ahead = (place for place in range(1, len(self.rounds) + 1) if place not in judged)
        return next(ahead, None)


@dataclass(frozen=True, slots=True)
class RoundResult:
    """The verdict on one round of a loop; None when it has none, being open or given up."""

    position: int
    round: Round
    label: Label | None


@dataclass(frozen=True, slots=True)
class Packet:
    """The verdict on a whole loop; `decided_by` is the rule that kept it from the next label."""

    label: Label
    decided_by: str


_SENIOR: Final = frozenset({Level.SENIOR, Level.STAFF})


def packet(results: Sequence[RoundResult], level: Level) -> Packet | None:
    """The verdict on the loop, None unless every round of it has one."""
    labels = [result.label for result in results if result.label is not None]
    if not results or len(labels) < len(results):
        return None
    strong = labels.count(Label.STRONG_HIRE)
    worst = [result for result in results if result.label is Label.STRONG_NO_HIRE]
    doubts = [result for result in results if result.label is Label.LEANING_NO_HIRE]
    below = len(worst) + len(doubts)
    carried = [one for one in doubts if level in _SENIOR and one.round in CARRY_THE_LEVEL]
    if not below:
        if 2 * strong >= len(labels):
            return Packet(Label.STRONG_HIRE, "no round is in doubt and half or more are strong")
        return Packet(Label.LEANING_HIRE, "fewer than half of the rounds are strong hires")
    made_up_for = not worst and len(doubts) == 1 and strong >= 1 and not carried
    if made_up_for:
        return Packet(Label.LEANING_HIRE, f"{_named(doubts)} is in doubt")
    if 2 * below <= len(labels):
        if worst:
            return Packet(Label.LEANING_NO_HIRE, f"{_named(worst)} is a strong no hire")
        if carried:
            return Packet(
                Label.LEANING_NO_HIRE,
                f"{_named(carried)} is in doubt, and carries the level from senior on",
            )
        return Packet(Label.LEANING_NO_HIRE, f"no strong hire makes up for {_named(doubts)}")
    return Packet(Label.STRONG_NO_HIRE, f"{below} of {len(labels)} rounds are below the bar")


def _named(results: Sequence[RoundResult]) -> str:
    return " and ".join(
        f"round {result.position} ({result.round.replace('_', ' ')})" for result in results
    )
