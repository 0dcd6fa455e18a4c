"""Moments as people and models write them. Days begin at midnight UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from maang_mcp.domain.errors import InvalidInput

CLOCK_SKEW = timedelta(minutes=5)
"""How far ahead of the server's clock a client's may be."""

_HINT = "Write an ISO date or time such as 2026-01-31 or 2026-01-31T18:30:00+01:00."
_DAY = timedelta(days=1)
_EASTERNMOST = timedelta(hours=14)
"""How far the first zone to see a new day is ahead of UTC."""


def parse_moment(text: str, now: datetime) -> datetime:
    """An ISO date or time, "now", "today" or "yesterday", as a moment in UTC.

    A time without a zone is UTC; a day is its noon, or now when it is today. Raises InvalidInput
    for anything else.
    """
    day = _day(text, now)
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
    day = _day(text, now)
    if day is not None and now.date() <= day <= (now + _EASTERNMOST).date():
        return now
    moment = parse_moment(text, now)
    if moment > now + CLOCK_SKEW:
        raise InvalidInput(f"{text.strip()[:40]!r} lies in the future.", hint=_HINT)
    return min(moment, now)


def parse_since(text: str, now: datetime) -> datetime:
    """The beginning of a period: a day counts from its first moment on."""
    day = _day(text, now)
    return _time(text, now) if day is None else datetime.combine(day, time(), UTC)


def parse_until(text: str, now: datetime) -> datetime:
    """The moment a period ends before: a day is part of it to its last moment."""
    day = _day(text, now)
    if day is None:
        return _time(text, now)
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return datetime.combine(day + _DAY, time(), UTC)


def _day(text: str, now: datetime) -> date | None:
    """The day, where a day is all that is said."""
    plain = text.strip().lower()
    if plain in ("today", "yesterday"):
        return now.date() - (plain == "yesterday") * _DAY
    try:
        return date.fromisoformat(plain)
    except ValueError:
        return None


def _time(text: str, now: datetime) -> datetime:
    plain = text.strip()
    if plain.lower() == "now":
        return now
    try:
        moment = datetime.fromisoformat(plain)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput(f"{plain[:40]!r} is not a date.", hint=_HINT) from None
