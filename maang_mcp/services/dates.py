"""Moments as people and models write them. Days begin at midnight UTC.

What is planned for a day is planned where the learner lives: `zone_of` tells.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from maang_mcp.domain.days_ahead import day_ahead
from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.periods import named_days
from maang_mcp.domain.profile import Profile

CLOCK_SKEW = timedelta(minutes=5)
"""How far ahead of the server's clock a client's may be."""

_HINT = (
    "Write an ISO date or time such as 2026-01-31 or 2026-01-31T18:30:00+01:00, or a day like"
    " 'yesterday' or '2 weeks ago'."
)
_DAY = timedelta(days=1)
_EASTERNMOST = timedelta(hours=14)
"""How far the first zone to see a new day is ahead of UTC."""


def parse_moment(text: str, now: datetime) -> datetime:
    """An ISO date or time, "now", or words for one day ("3 days ago"), as a moment in UTC.

    A time without a zone is UTC; a day is its noon, or now when it is today. Raises InvalidInput
    for anything else.
    """
    day = _one_day(text, now)
    if day is None:
        return _time(text, now)
    return now if day == now.date() else datetime.combine(day, time(12), UTC)


def parse_past(text: str | None, now: datetime) -> datetime:
    """The same for something that happened; now when nothing is said.

    A day that has begun anywhere on Earth may be today where the learner lives, and is then now.
    Raises InvalidInput for a moment in the future.
    """
    if text is None or not text.strip():
        return now
    day = _one_day(text, now)
    if day is not None and now.date() <= day <= (now + _EASTERNMOST).date():
        return now
    moment = parse_moment(text, now)
    if moment > now + CLOCK_SKEW:
        raise InvalidInput(f"{text.strip()[:40]!r} lies in the future.", hint=_HINT)
    return min(moment, now)


def parse_since(text: str, now: datetime) -> datetime:
    """The beginning of a period: a day, or the first of several ("last week"), counts from its
    first moment on."""
    days = _days(text, now)
    return _time(text, now) if days is None else datetime.combine(days[0], time(), UTC)


def parse_until(text: str, now: datetime) -> datetime:
    """The moment a period ends before: a day, or the last of several, is part of it to its last
    moment."""
    days = _days(text, now)
    if days is None:
        return _time(text, now)
    if days[0] == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return datetime.combine(days[1], time(), UTC)


def parse_day_ahead(text: str, today: date) -> date:
    """A day to come, as `days_ahead` reads it. Raises InvalidInput for anything else.

    The day may turn out to be past.
    """
    day = day_ahead(text, today)
    if day is None:
        raise InvalidInput(
            f"{text.strip()[:40]!r} is not a date.",
            hint="Write it like 2026-01-31, or as a time from today: 6 weeks, next Friday.",
        )
    return day


def zone_of(profile: Profile) -> tzinfo:
    """Where the learner's days begin; UTC while nobody said."""
    return ZoneInfo(profile.timezone) if profile.timezone else UTC


def today_of(profile: Profile, now: datetime) -> date:
    """The day it is where the learner lives."""
    return now.astimezone(zone_of(profile)).date()


def _one_day(text: str, now: datetime) -> date | None:
    """The day, where one day is all that is said."""
    days = _days(text, now)
    return days[0] if days and (days[0] == date.max or days[1] - days[0] == _DAY) else None


def _days(text: str, now: datetime) -> tuple[date, date] | None:
    """The first of the days that are said, and the one after the last."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return named_days(text, now.date())
    return day, day if day == date.max else day + _DAY


def _time(text: str, now: datetime) -> datetime:
    plain = text.strip()
    if plain.lower() == "now":
        return now
    try:
        moment = datetime.fromisoformat(plain)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput(f"{plain[:40]!r} is not a date.", hint=_HINT) from None
