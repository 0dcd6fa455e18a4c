"""What a kind of interview consists of: its phases in order, and each one's share of the time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .errors import InvalidTransition
from .hints import MOST
from .skills import Round

MOST_PARTS = 4
"""Questions that one interview holds at most, however long it is."""


@dataclass(frozen=True, slots=True)
class PhaseSpec:
    """One phase of a round; `share_of_time` is its part of the interview, in (0, 1].

    `part` counts the questions of a round that asks several: the phases of the second one are
    named after those of the first, as in "probes_2".
    """

    name: str
    share_of_time: float
    interviewer_does: tuple[str, ...]
    must_not_say: tuple[str, ...]
    exit_when: tuple[str, ...]
    part: int = 1

    @property
    def kind(self) -> str:
        """The name without the number of its part."""
        return self.name.removesuffix(f"_{self.part}") if self.part > 1 else self.name


@dataclass(frozen=True, slots=True)
class RoundSpec:
    """The agenda of a kind of interview, in the order of its phases.

    `hints` is how many there are for a question. A round with `minutes_per_question` asks as many
    questions as fit its length, one after the other, each in all phases (`for_length`).

    Raises ValueError unless the names differ and the shares are positive and add up to one: a
    round is the product's own data, so anything else is a defect.
    """

    round: Round
    phases: tuple[PhaseSpec, ...]
    hints: int = MOST
    minutes_per_question: int | None = None

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.phases) or not self.phases:
            raise ValueError(f"the phases of {self.round} need names that differ")
        if min(phase.share_of_time for phase in self.phases) <= 0:
            raise ValueError(f"a phase of {self.round} has no share of the time")
        if abs(sum(phase.share_of_time for phase in self.phases) - 1) > 1e-6:
            raise ValueError(f"the shares of time of {self.round} do not add up to 1")

    def parts(self, minutes: int) -> int:
        """How many questions an interview of that length asks."""
        if self.minutes_per_question is None:
            return 1
        return min(max(minutes // self.minutes_per_question, 1), MOST_PARTS)

    def for_length(self, minutes: int) -> RoundSpec:
        """The agenda of an interview of that length: its phases once for each question."""
        parts = self.parts(minutes)
        if parts == 1:
            return self
        phases = tuple(
            replace(
                phase,
                name=phase.name if part == 1 else f"{phase.name}_{part}",
                share_of_time=phase.share_of_time / parts,
                part=part,
            )
            for part in range(1, parts + 1)
            for phase in self.phases
        )
        return replace(self, phases=phases)

    @property
    def names(self) -> tuple[str, ...]:
        """The phases' names, first to last."""
        return tuple(phase.name for phase in self.phases)

    def phase(self, name: str) -> PhaseSpec:
        """The phase of that name; raises KeyError for a name the round does not have."""
        for phase in self.phases:
            if phase.name == name:
                return phase
        raise KeyError(name)

    def ahead_of(self, name: str) -> tuple[str, ...]:
        """The names of the phases after the named one."""
        return self.names[self.names.index(name) + 1 :]

    def phase_after(self, current: str, to: str | None) -> str:
        """The phase a move leads to: the next one, or `to` if it lies ahead.

        Raises InvalidTransition, naming the phases ahead, for a move that leads nowhere else.
        """
        ahead = self.ahead_of(current)
        if not ahead:
            raise InvalidTransition(
                f"'{current}' is the last phase.", hint="Close with `finish_interview`."
            )
        if to is None:
            return ahead[0]
        if to not in ahead:
            reason = "is running or over" if to in self.names else "is no phase of this round"
            raise InvalidTransition(
                f"The interview is in '{current}'; '{to[:60]}' {reason}.",
                hint=f"It can go on to: {', '.join(ahead)}.",
            )
        return to
