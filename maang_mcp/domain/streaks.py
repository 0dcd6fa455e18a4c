"""How regularly somebody practises: days in a row, and what each week held.

A day is a day where the learner lives, so a zone comes in with the moments.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise

ACTIVE_WINDOW = 28
"""Days, today included, in which active days are counted."""
WEEKS = 4
"""Calendar weeks looked back on, the one at hand included."""

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Practised:
    """When somebody practised, and for how many minutes (None: nobody kept time)."""

    at: datetime
    minutes: float | None


@dataclass(frozen=True, slots=True)
class Streak:
    """Days of practice in a row: the run that is still alive, and the longest there ever was.

    `active_days` counts days of practice among the last 28.
    """

    current: int
    longest: int
    active_days: int


@dataclass(frozen=True, slots=True)
class PracticeWeek:
    """One calendar week, from the Monday `starts`; `minutes` are those of `timed` attempts."""

    starts: date
    attempts: int
    timed: int
    minutes: float


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The day a moment belongs to in that zone."""
    try:
        return moment.astimezone(zone).date()
    except OverflowError:  # the first or last day of the calendar, seen from another zone
        return moment.date()


def streak(days: Collection[date], today: date) -> Streak:
    """The runs in the days of practice.

    A run that reached yesterday is alive: today is not over. When the clock was set back behind
    the last day of practice, no time has passed since that day.
    """
    ordered = sorted(set(days))
    if not ordered:
        return Streak(0, 0, 0)
    runs = [1]
    for before, day in pairwise(ordered):
        if day - before == _DAY:
            runs[-1] += 1
        else:
            runs.append(1)
    idle = max((today - ordered[-1]).days, 0)
    latest = max(today, ordered[-1])
    active = sum((latest - day).days < ACTIVE_WINDOW for day in ordered)
    return Streak(runs[-1] if idle <= 1 else 0, max(runs), active)


def weeks(
    practice: Iterable[Practised], days: Collection[date], today: date, zone: tzinfo
) -> tuple[PracticeWeek, ...]:
    """The last weeks, oldest first, those without practice too, but none before the first one
    with practice.

    `days` are all days of practice, `practice` at least what falls into these weeks. Weeks begin
    on Monday (ISO 8601); a clock set back stands still at the last day of practice.
    """
    if not days:
        return ()
    by_week: dict[date, list[Practised]] = {}
    for one in practice:
        by_week.setdefault(_monday(day_of(one.at, zone)), []).append(one)
    begin, first = weeks_begin(days, today), _monday(min(days))
    mondays = (begin + ahead * _WEEK for ahead in range(WEEKS))
    return tuple(_week(monday, by_week.get(monday, ())) for monday in mondays if monday >= first)


def weeks_begin(days: Collection[date], today: date) -> date:
    """The Monday of the first week that `weeks` can show."""
    return _monday(max(today, max(days, default=today))) - (WEEKS - 1) * _WEEK


def _monday(day: date) -> date:
    return day - day.weekday() * _DAY


def _week(monday: date, practice: Sequence[Practised]) -> PracticeWeek:
    timed = [one.minutes for one in practice if one.minutes is not None]
    return PracticeWeek(monday, len(practice), len(timed), sum(timed))
