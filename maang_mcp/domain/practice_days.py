"""The calendar of a study plan: which days are practised on, and for how long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .errors import InvalidInput
from .skills import Round

USUAL_SESSION = 60
"""Minutes a session should have before the week gets one more of them: room for a hard problem,
or for a mock interview and its debrief."""
SHORTEST_SESSION = 20
"""Minutes below which a session is not worth beginning: the time limit of an easy problem."""
LONGEST_SESSION = 240
"""Minutes of practice that a day can usefully hold: the four hours beyond which deliberate practice
was not sustained by experts in training (Ericsson, Krampe & Tesch-Roemer 1993)."""
LIGHT_SESSION = 45
"""Minutes of the last session, when the interview is close."""
CLOSE = timedelta(days=2)
"""How near the interview the last session is a light one."""
FARTHEST = timedelta(days=366)
"""How far ahead a plan may reach."""

HOURS_IN_A_WEEK = 168
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Goal:
    """What is planned for: ready on `until`, the day that is itself not practised on.

    `rest_days` are weekdays as `date.weekday()` counts them, Monday 0; `rounds` the kinds of
    interview that matter.
    """

    until: date
    hours_per_week: float
    rest_days: frozenset[int] = frozenset()
    rounds: tuple[Round, ...] = (Round.CODING,)

    @property
    def minutes_per_week(self) -> int:
        """The hours in whole minutes."""
        return int(round(self.hours_per_week * 60, 6))

    def check(self, first: date) -> None:
        """Raises InvalidInput, saying what to change, for a goal no plan can begin on `first`."""
        if not 0 < self.hours_per_week <= HOURS_IN_A_WEEK:
            too_many = f": a week has {HOURS_IN_A_WEEK}" * (self.hours_per_week > HOURS_IN_A_WEEK)
            raise InvalidInput(
                f"No plan can be made of {self.hours_per_week:g} hours per week{too_many}.",
                hint="Give the hours per week there really are, such as 6.",
            )
        if self.minutes_per_week < SHORTEST_SESSION:
            raise InvalidInput(
                f"{self.minutes_per_week} minutes per week are less than one short session.",
                hint=f"Give at least {SHORTEST_SESSION} minutes: 0.34 hours per week.",
            )
        if self.until <= first:
            raise InvalidInput(
                f"{self.until.isoformat()} leaves no day to plan.",
                hint="Give the date of the interview, tomorrow or later; for today, `next_problem`"
                " tells what to practise.",
            )
        if self.until - first > FARTHEST:
            raise InvalidInput(
                f"{self.until.isoformat()} is more than a year away.",
                hint="Plan to a nearer date, and again when it has passed.",
            )
        if len(self.rest_days) == len(WEEKDAYS):
            raise InvalidInput(
                "Every day of the week is a rest day.", hint="Leave at least one day to practise."
            )
        if not any(self.practises_on(day) for day in _days(first, self.until)):
            raise InvalidInput(
                f"Only rest days are left before {self.until.isoformat()}.",
                hint="Give fewer rest days or a later date.",
            )

    def practises_on(self, day: date) -> bool:
        """Whether a day is none of rest."""
        return day.weekday() not in self.rest_days


@dataclass(frozen=True, slots=True)
class Slot:
    """A day to practise on, with the minutes it may hold; the last one may be a `light` one."""

    day: date
    minutes: int
    is_last: bool = False
    light: bool = False


@dataclass(frozen=True, slots=True)
class WeekFrame:
    """The part of one calendar week within the plan, before anything is planned in it.

    `available` are its minutes. What no slot holds is `unusable`: beyond the longest sessions, or
    too little for the shortest.
    """

    starts_on: date
    ends_on: date
    available: int
    slots: tuple[Slot, ...]

    @property
    def unusable(self) -> int:
        """Minutes outside all slots."""
        return self.available - sum(slot.minutes for slot in self.slots)


def frames(goal: Goal, first: date, spent: int = 0) -> list[WeekFrame]:
    """The weeks from `first` to the day before the goal; a partial week has its part of the hours.
    Of a session on the `first` day, `spent` minutes are gone.

    The part goes by practice days: who rests on weekends has the whole week in five days. Time is
    gathered into sessions of an hour before there are more of them, spread over the week.
    """
    found, monday = [], first - first.weekday() * _DAY
    practised_days = len(WEEKDAYS) - len(goal.rest_days)
    while monday < goal.until:
        days = list(_days(max(first, monday), min(goal.until, monday + 7 * _DAY)))
        practised = [day for day in days if goal.practises_on(day)]
        available = goal.minutes_per_week * len(practised) // practised_days
        found.append(WeekFrame(days[0], days[-1], available, _slots(practised, available)))
        monday += 7 * _DAY
    found = _with_ending(found, goal)
    return [_begun(found[0], first, spent), *found[1:]]


def longest_slot(weeks: Sequence[WeekFrame]) -> int:
    """Minutes of the longest session that any of the weeks has."""
    return max((slot.minutes for week in weeks for slot in week.slots), default=0)


def _slots(days: list[date], minutes: int) -> tuple[Slot, ...]:
    if minutes < SHORTEST_SESSION:
        return ()
    sessions = min(len(days), max(1, minutes // USUAL_SESSION))
    ends = [minutes * n // sessions for n in range(sessions + 1)]
    return tuple(
        Slot(
            days[(2 * n + 1) * len(days) // (2 * sessions)],
            min(ends[n + 1] - ends[n], LONGEST_SESSION),
        )
        for n in range(sessions)
    )


def _with_ending(weeks: list[WeekFrame], goal: Goal) -> list[WeekFrame]:
    """The weeks with the last session marked, and light when the interview is close."""
    for n in range(len(weeks) - 1, -1, -1):
        week = weeks[n]
        if week.slots:
            *before, last = week.slots
            light = goal.until - last.day <= CLOSE
            minutes = min(last.minutes, LIGHT_SESSION) if light else last.minutes
            ending = Slot(last.day, minutes, is_last=True, light=light)
            slots = (*before, ending)
            weeks[n] = WeekFrame(week.starts_on, week.ends_on, week.available, slots)
            break
    return weeks


def _begun(week: WeekFrame, first: date, spent: int) -> WeekFrame:
    """The week without what was practised on its first day: at most that day's session."""
    if not week.slots or week.slots[0].day != first:
        return week
    today, *later = week.slots
    used = min(spent, today.minutes)
    slots = (replace(today, minutes=today.minutes - used), *later)
    return replace(week, available=week.available - used, slots=slots)


def _days(first: date, until: date) -> Iterator[date]:
    return (first + n * _DAY for n in range((until - first).days))
