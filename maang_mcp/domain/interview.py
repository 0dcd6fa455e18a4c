"""The mock interview as a state machine: (interview, event, time, spec) -> interview.

    active --Paused--> paused --Resumed--> active
       |                  |
       +------------------+--Finished-----> finished
       +------------------+--Abandoned----> abandoned
       +------------------+--left alone---> expired

Within an active interview turns are appended, hints asked for, code checked and phases moved: only
forward, and any may be skipped, for they are the agenda of the time that is left.

The clock is the server's and never runs in a break. Every event is a sign of life; of the silence
after one at most `LONGEST_SILENCE` counts: enough to write a solution without a word, too little
for a closed laptop to use up the interview.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from . import hints
from .agenda import RoundSpec
from .errors import AlreadyFinished, InvalidInput, InvalidTransition
from .level import Level
from .skills import Round

SHORTEST: Final = 15
LONGEST: Final = 60
"""Minutes an interview may be planned for."""

LONGEST_SILENCE: Final = timedelta(minutes=25)
"""Silence beyond this stops the clock until the next event: the coding phase of a whole hour."""

UNATTENDED: Final = timedelta(hours=36)
"""A running interview expires after this silence: tomorrow evening it can still be taken up."""

SET_ASIDE: Final = timedelta(days=7)
"""A paused interview expires this long after its start: by then the question is no longer fresh."""


class Status(StrEnum):
    """Where an interview stands; the last three are final."""

    ACTIVE = "active"
    PAUSED = "paused"
    FINISHED = "finished"
    ABANDONED = "abandoned"
    EXPIRED = "expired"

    @property
    def is_final(self) -> bool:
        """Whether nothing can happen in it any more."""
        return self not in (Status.ACTIVE, Status.PAUSED)


@dataclass(frozen=True, slots=True)
class Interview:
    """The whole persisted state of one interview.

    `active_seconds` is the counted time up to `running_since`, the last sign of life (None unless
    active); `phase_started` is the counted time at which the phase began, in seconds too.
    `hint_pending_use` holds until the candidate has said something since. `version` rises by one
    with every change. `further` are the questions after the first; `loop_position` counts from 1.
    """

    id: UUID
    round: Round
    company: str | None
    level: Level
    minutes: int
    question: str
    phase: str
    status: Status
    started_at: datetime
    phase_started: float
    active_seconds: float
    running_since: datetime | None
    hints_given: int
    hint_pending_use: bool
    turns: int
    version: int
    further: tuple[str, ...] = ()
    loop_id: UUID | None = None
    loop_position: int | None = None

    @property
    def questions(self) -> tuple[str, ...]:
        """All its questions, in the order they are asked."""
        return (self.question, *self.further)


@dataclass(frozen=True, slots=True)
class TurnsAppended:
    """That many turns were recorded."""

    candidate_turns: int
    interviewer_turns: int = 0


@dataclass(frozen=True, slots=True)
class HintRequested:
    """The next hint of the ladder was unlocked."""


@dataclass(frozen=True, slots=True)
class PhaseMoved:
    """The interview goes on to the phase `to`, or to the next one when None."""

    to: str | None = None


@dataclass(frozen=True, slots=True)
class CodeChecked:
    """The candidate's code was run: somebody is there. It may be in a break."""


@dataclass(frozen=True, slots=True)
class Paused:
    """The candidate takes a break."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The candidate is back."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The interview ends and can be scored."""


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The candidate wants out; nothing is scored."""


Event = (
    TurnsAppended | HintRequested | PhaseMoved | CodeChecked
    | Paused | Resumed | Finished | Abandoned
)  # fmt: skip

ALLOWED: Final[Mapping[Status, tuple[type[Event], ...]]] = MappingProxyType(
    {
        Status.ACTIVE: (
            *(TurnsAppended, HintRequested, PhaseMoved, CodeChecked),
            *(Paused, Finished, Abandoned),
        ),
        Status.PAUSED: (CodeChecked, Resumed, Finished, Abandoned),
        **{status: () for status in Status if status.is_final},
    }
)
"""Every transition there is; phases and the hint gate narrow it further."""


def open_interview(
    id: UUID,
    spec: RoundSpec,
    *,
    question: str,
    level: Level,
    minutes: int,
    at: datetime,
    company: str | None = None,
    further: tuple[str, ...] = (),
    loop: tuple[UUID, int] | None = None,
) -> Interview:
    """A new interview in its first phase, with the clock running from `at`.

    Raises InvalidInput for a length outside 15 to 60 minutes or a time without a zone.
    """
    if not SHORTEST <= minutes <= LONGEST:
        raise InvalidInput(
            f"An interview takes {SHORTEST} to {LONGEST} minutes, not {minutes}.",
            hint="45 is what most companies plan for a coding round.",
        )
    if at.utcoffset() is None:
        raise InvalidInput("The start of an interview needs a time zone.")
    return Interview(
        id=id,
        round=spec.round,
        company=company,
        level=level,
        minutes=minutes,
        question=question,
        phase=spec.phases[0].name,
        status=Status.ACTIVE,
        started_at=at,
        phase_started=0.0,
        active_seconds=0.0,
        running_since=at,
        hints_given=0,
        hint_pending_use=False,
        turns=0,
        version=1,
        further=further,
        loop_id=loop[0] if loop else None,
        loop_position=loop[1] if loop else None,
    )


def advance(interview: Interview, event: Event, at: datetime, spec: RoundSpec) -> Interview:
    """The interview after the event; the given one is left as it was.

    Raises AlreadyFinished for whatever happens to a final interview (or one expired by `at`),
    InvalidTransition for what the status, the phase or the hint gate does not allow, and
    InvalidInput for turns that are none. Nothing changes then.
    """
    interview = expire_if_stale(interview, at)
    if not isinstance(event, ALLOWED[interview.status]):
        raise _refused(interview)
    counted = active_seconds_at(interview, at)
    lived = replace(
        interview,
        active_seconds=counted,
        running_since=interview.running_since and max(interview.running_since, at),
        version=interview.version + 1,
    )
    match event:
        case TurnsAppended(said, asked):
            if said < 0 or asked < 0 or said + asked == 0:
                raise InvalidInput("There has to be at least one turn to record.")
            pending = lived.hint_pending_use and said == 0
            return replace(lived, turns=lived.turns + said + asked, hint_pending_use=pending)
        case HintRequested():
            given = hints.next_level(lived.hints_given, lived.hint_pending_use, spec.hints)
            return replace(lived, hints_given=given, hint_pending_use=True)
        case PhaseMoved(to):
            phase = spec.phase_after(lived.phase, to)
            return replace(lived, phase=phase, phase_started=counted)
        case CodeChecked():
            return lived
        case Resumed():
            return replace(lived, status=Status.ACTIVE, running_since=at)
        case Paused():
            return replace(lived, status=Status.PAUSED, running_since=None)
        case Finished():
            return replace(lived, status=Status.FINISHED, running_since=None)
        case Abandoned():
            return replace(lived, status=Status.ABANDONED, running_since=None)


def expire_if_stale(interview: Interview, at: datetime) -> Interview:
    """The same interview, or the expired one if nobody has come back to it in time."""
    if interview.status is Status.ACTIVE and interview.running_since is not None:
        stale = at - interview.running_since > UNATTENDED
    else:
        stale = interview.status is Status.PAUSED and at - interview.started_at > SET_ASIDE
    if not stale:
        return interview
    return replace(
        interview,
        status=Status.EXPIRED,
        active_seconds=active_seconds_at(interview, at),
        running_since=None,
        version=interview.version + 1,
    )


def active_seconds_at(interview: Interview, at: datetime) -> float:
    """Counted seconds of interview up to `at`: pauses left out, long silences cut.

    A time before the last event counts as that event's: clocks of two machines may differ.
    """
    if interview.running_since is None:
        return interview.active_seconds
    silence = min(max(at - interview.running_since, timedelta()), LONGEST_SILENCE)
    return interview.active_seconds + silence.total_seconds()


def possible(interview: Interview, spec: RoundSpec) -> tuple[type[Event], ...]:
    """The kinds of events that would be accepted now as a step; a check of code is none."""
    refused: set[type[Event]] = {CodeChecked}
    if not spec.ahead_of(interview.phase):
        refused.add(PhaseMoved)
    if interview.hint_pending_use or interview.hints_given >= spec.hints:
        refused.add(HintRequested)
    return tuple(event for event in ALLOWED[interview.status] if event not in refused)


def next_hint(interview: Interview, ladder: hints.HintLadder) -> tuple[int, str]:
    """The level and text that HintRequested unlocks now; raises what `advance` would."""
    if HintRequested not in ALLOWED[interview.status]:
        raise _refused(interview)
    level = hints.next_level(interview.hints_given, interview.hint_pending_use, len(ladder))
    return level, ladder[level - 1]


def _refused(interview: Interview) -> InvalidTransition | AlreadyFinished:
    if interview.status is Status.ACTIVE:
        return InvalidTransition("The interview is already running.", hint="Just go on.")
    if interview.status is Status.PAUSED:
        return InvalidTransition("It is paused.", hint="`interview_step` with action=resume.")
    verb = "has" if interview.status is Status.EXPIRED else "is"
    return AlreadyFinished(f"That interview {verb} {interview.status}.")
