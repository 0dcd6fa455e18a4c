"""The clock of an interview, against its agenda: how long is left, and whether to move on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .agenda import RoundSpec
from .interview import Interview, Status, active_seconds_at

CLOSING = 0.2
"""Share of a phase's time that is left when the interviewer should begin to close it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the time stands, in minutes; what remains is never negative.

    `move_on` says that the phase has had its time (in the last phase: the interview), `over_time`
    that the interview has had all of its minutes, and `advice` is one sentence for the interviewer.
    """

    elapsed_minutes: float
    remaining_minutes: float
    phase_elapsed: float
    phase_remaining: float
    over_time: bool
    move_on: bool
    advice: str


def clock(interview: Interview, at: datetime, spec: RoundSpec) -> Clock:
    """The clock at `at`.

    A phase is allotted its share of what was left when it began, relative to the phases still to
    come: time that one overruns is taken from all later ones in proportion, and time that it saves,
    or that a skipped phase leaves, is theirs. Lengths from 15 to 60 minutes scale the same way.
    """
    elapsed = active_seconds_at(interview, at) / 60
    began = interview.phase_started / 60
    to_come = (interview.phase, *spec.ahead_of(interview.phase))
    shares = [spec.phase(name).share_of_time for name in to_come]
    allotted = max(interview.minutes - began, 0) * shares[0] / sum(shares)
    remaining = max(interview.minutes - elapsed, 0.0)
    phase_elapsed = max(elapsed - began, 0.0)
    phase_remaining = min(max(allotted - phase_elapsed, 0.0), remaining)
    over_time = elapsed > interview.minutes
    return Clock(
        elapsed_minutes=elapsed,
        remaining_minutes=remaining,
        phase_elapsed=phase_elapsed,
        phase_remaining=phase_remaining,
        over_time=over_time,
        move_on=interview.status is Status.ACTIVE and phase_remaining <= 0,
        advice=_advice(interview, to_come[1:], elapsed, phase_remaining, allotted),
    )


def _advice(
    interview: Interview,
    ahead: tuple[str, ...],
    elapsed: float,
    phase_remaining: float,
    allotted: float,
) -> str:
    left = interview.minutes - elapsed
    phase = interview.phase.replace("_", " ")
    if interview.status.is_final:
        return f"The interview is {interview.status} after {_minutes(elapsed)}."
    if interview.status is Status.PAUSED:
        return f"Paused with {_minutes(max(left, 0))} left; the clock stands until it is resumed."
    if left <= 0:
        return (
            f"The {interview.minutes} minutes are over: let the candidate end the sentence, "
            "then close with `finish_interview`."
        )
    if phase_remaining <= 0 and ahead:
        following = ahead[0].replace("_", " ")
        return (
            f"'{phase}' has had its time: move on to '{following}', {_minutes(left)} left in all."
        )
    if phase_remaining <= CLOSING * allotted:
        return (
            f"Begin to close '{phase}': {_minutes(phase_remaining)} left for it, "
            f"{_minutes(left)} left in all."
        )
    return f"{_minutes(phase_remaining)} left for '{phase}', {_minutes(left)} left in all."


def _minutes(minutes: float) -> str:
    if 0 < minutes < 1:
        return "less than a minute"
    whole = round(minutes)
    return "1 minute" if whole == 1 else f"{whole} minutes"
