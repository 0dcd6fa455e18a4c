"""Moments as people and models write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from maang_mcp.domain.errors import InvalidInput

CLOCK_SKEW = timedelta(minutes=5)
"""How far ahead of the server's clock a client's may be."""

_HINT = "Write an ISO date or time such as 2026-01-31 or 2026-01-31T18:30:00+01:00."
_WORDS = {"now": 0, "today": 0, "yesterday": 1}


def parse_moment(text: str, now: datetime) -> datetime:
    """An ISO date or time, "today" or "yesterday", as an aware moment.

    A time without a zone is UTC; a date alone is its noon, or now when the day is today. Raises
    InvalidInput for anything else.
    """
    plain = text.strip()
    if plain.lower() in _WORDS:
        return now - timedelta(days=_WORDS[plain.lower()])
    try:
        if len(plain) == len("2026-01-31"):
            day = date.fromisoformat(plain)
            noon = datetime.combine(day, time(12), UTC)
            return now if day == now.date() else noon
        moment = datetime.fromisoformat(plain)
    except ValueError:
        raise InvalidInput(f"{plain[:40]!r} is not a date.", hint=_HINT) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def parse_past(text: str | None, now: datetime) -> datetime:
    """The same for something that happened; now when nothing is said.

    Raises InvalidInput for a moment in the future.
    """
    if text is None or not text.strip():
        return now
    moment = parse_moment(text, now)
    if moment > now + CLOCK_SKEW:
        raise InvalidInput(f"{text.strip()[:40]!r} lies in the future.", hint=_HINT)
    return min(moment, now)
