"""Time words in a question ("last week", "since Monday", "in March") as the period they mean.

Words are taken for a period only where they can hardly mean anything else. What can only look back
("yesterday", "two weeks ago", "since March") always counts. What may as well be about a plan, or
about what happened to somebody else ("today", "this week", "in March 2023"), counts where the
question looks back on one's own record; a date also among keywords ("heaps in March"). Nothing
counts inside a name ("week view problem").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_LATEST_YEAR: Final = 9998
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "a couple of": 2, "a few": 3,
}  # fmt: skip
SIZES: Final = {"day": 1, "week": 7, "month": 30, "year": 365}

_SINCE, _AFTER, _BEFORE, _UNTIL = "since", "after", "before", "until"

_PAST: Final = re.compile(
    r"\b(?:did|was|were|had|have|has|been|wrote|written|said|noted|told|learn(?:ed|t)"
    r"|practi[sc]ed|solved|failed|struggled|worked|went|got|made|tried|forgot|missed)\b"
)
_AHEAD: Final = re.compile(r"\b(?:should|will|shall|going to|next|upcoming|plan(?:ned)? for)\b")
_ONESELF: Final = re.compile(r"\b(?:i|i've|i'd|me|my|mine|we|our|us)\b")
_UNSAID: Final = re.compile(
    r"\b(?:what|anything|everything)(?:\s+(?:all|else))?\s+"
    r"(?:happened(?!\s+(?:to|with|between)\b)"
    r"|went\s+(?:wrong|right|well|badly|better|worse)(?!\s+(?:for|between)\b))"
)
"""Such a question names nobody, and is about oneself."""
_ASKS: Final = re.compile(
    r"\W*(?:what|when|where|which|who|whose|why|how|is|are|am|was|were|do|does|did|has|have|had"
    r"|can|could|should|would|will)\b|.*\?",
    re.DOTALL,
)
_FEW_WORDS: Final = 8
_RECORD: Final = re.compile(r"\b(?:notes|attempts|mistakes|mocks|interviews|checkpoints)\b")


_TELLING: Final = re.compile(
    r"\b(?:ago|last|past|previous|this|today|yesterday|(?:19|20)\d\d"
    rf"|{'|'.join((*WEEKDAYS, *MONTHS))})\b"
)
"""Without one of these there is no period, and the longer patterns need not be tried."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time and the words that named it; `since` is part of it, `until` is not."""

    words: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Days:
    """From a day to the day before another, in the asker's zone. `point` is where a period that
    begins or ends there does so; the words `surely` look back, or at least name a date."""

    first: date
    end: date
    surely: bool = False
    dated: bool = False
    point: date | None = None


def read_period(query: str, now: datetime, zone: tzinfo = UTC) -> Period | None:
    """The period a query names, with days as they begin in `zone`; None where it names none.

    "Last week" is the calendar week before this one, from Monday, and so for months and years; "the
    last week" and "the past 3 days" end now; "two weeks ago" is the week around that day, a
    month or a year around theirs; a month or weekday without a year or date is the latest one.
    """
    today = now.astimezone(zone).date()
    folded = query.lower()
    if not _TELLING.search(folded):
        return None
    ahead = _AHEAD.search(folded)
    looks_back = not ahead and (
        (_ONESELF.search(folded) and _PAST.search(folded))
        or _UNSAID.search(folded)
        or _RECORD.search(folded)
    )
    keywords = not (ahead or _ASKS.match(folded)) and len(folded.split()) <= _FEW_WORDS
    for found, side, days in _spans(folded, today):
        bounded = side in (_SINCE, _AFTER, _BEFORE, _UNTIL)
        surely = days.surely or (side == _SINCE and not ahead)
        if not (surely or looks_back or (days.dated and keywords)):
            continue
        since: date | None = days.first
        until: date | None = days.end
        if bounded:
            since = {_SINCE: days.point or days.first, _AFTER: days.end}.get(side)
            until = {_BEFORE: days.point or days.first, _UNTIL: days.end}.get(side)
        if since is not None and since > today:
            continue
        words = query[found.start() : found.end()].strip()
        return Period(words, _moment(since, zone), _moment(until, zone))
    return None


def named_days(words: str, today: date) -> tuple[date, date] | None:
    """The days that words name when nothing else is said ("last week", "2 weeks ago", "March 5"):
    the first, and the one after the last; None where they name none."""
    folded = f"{_SINCE} {' '.join(words.lower().split())}"
    for found, _, days in _spans(folded, today):
        if found[0] == folded:
            return (days.first, days.end) if days.point is None else (days.point, days.point + _DAY)
    return None


def _moment(day: date | None, zone: tzinfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, zone).astimezone(UTC)


_SIDE = (
    r"(?:\b(?P<side>since|after|before|until|till|up to|from|in|on|of|during|over|within)\s+)?"
    r"(?:\bthe\s+)?"
)
_END = r"(?:'s)?(?!\s+of\b)(?![\w-])"
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
_YEAR = r"(?P<year>(?:19|20)\d\d)"


def _pattern(span: str) -> re.Pattern[str]:
    return re.compile(rf"{_SIDE}(?<![\w-]){span}{_END}")


def _spans(folded: str, today: date) -> Iterator[tuple[re.Match[str], str, _Days]]:
    """Every reading of the words, the plainest forms first."""
    for pattern, read in _READINGS:
        for found in pattern.finditer(folded):
            side = found["side"] or ""
            side = {"till": _UNTIL, "up to": _UNTIL}.get(side, side)
            try:
                days = read(found, today)
            except (ValueError, OverflowError):  # the 31st of June; before the year 1
                continue
            if days is not None:
                yield found, side, days


def _ago(found: re.Match[str], today: date) -> _Days:
    unit = found["unit"]
    day = today - _number(found["count"]) * SIZES[unit] * _DAY
    around = (SIZES[unit] // 2) * _DAY
    return _Days(day - around, min(day + around, today) + _DAY, surely=True, point=day)


def _past(found: re.Match[str], today: date) -> _Days:
    count = _number(found["count"]) if found["count"] else 1
    return _Days(today - count * SIZES[found["unit"]] * _DAY, today + _DAY, surely=True)


def _calendar(found: re.Match[str], today: date) -> _Days | None:
    which, unit = found["which"], found["unit"]
    if unit in WEEKDAYS:
        if which == "this":
            return None
        back = (today.weekday() - WEEKDAYS.index(unit)) % 7 or 7
        return _one(today - back * _DAY, surely=True)
    steps = 0 if which == "this" else 1
    match unit:
        case "week":
            first = today - today.weekday() * _DAY - steps * _WEEK
            end = first + _WEEK
        case "weekend":
            first = today + (5 - today.weekday()) * _DAY - steps * _WEEK
            end = first + 2 * _DAY
        case "month":
            first = _month_back(today.replace(day=1), steps)
            end = _month_back(first, -1)
        case _:
            first = date(today.year - steps, 1, 1)
            end = date(first.year + 1, 1, 1)
    return _Days(first, end, surely=which != "this")


def _near(found: re.Match[str], today: date) -> _Days:
    word = found["word"]
    if word.startswith("day"):
        return _one(today - 2 * _DAY, surely=True)
    if "and" in word:
        return _Days(today - _DAY, today + _DAY, surely=True)
    if word == "yesterday" or word.endswith("night"):
        return _one(today - _DAY, surely=True)
    return _one(today)


def _weekday(found: re.Match[str], today: date) -> _Days | None:
    if not found["side"]:
        return None
    back = (today.weekday() - WEEKDAYS.index(found["weekday"])) % 7
    return _one(today - back * _DAY)


def _month(found: re.Match[str], today: date) -> _Days | None:
    if not found["side"] or found["side"] == "on":
        return None
    number = MONTHS.index(found["month"]) + 1
    year = int(found["year"]) if found["year"] else today.year - (number > today.month)
    first = date(year, number, 1)
    return _Days(first, _month_back(first, -1), dated=True)


def _dated(found: re.Match[str], today: date) -> _Days | None:
    if not found["side"]:
        return None
    number, day = MONTHS.index(found["month"]) + 1, int(found["day"])
    if found["year"]:
        return _one(date(int(found["year"]), number, day), dated=True)
    this_year = date(today.year, number, day)
    return _one(this_year if this_year <= today else date(today.year - 1, number, day), dated=True)


def _iso(found: re.Match[str], today: date) -> _Days | None:
    day = date.fromisoformat(found["iso"])
    return _one(day, dated=True) if found["side"] and day.year <= _LATEST_YEAR else None


def _year(found: re.Match[str], today: date) -> _Days | None:
    if not found["side"] or found["side"] == "on":
        return None
    first = date(int(found["year"]), 1, 1)
    return _Days(first, date(first.year + 1, 1, 1), dated=True)


_Reading = tuple[re.Pattern[str], Callable[[re.Match[str], date], _Days | None]]
_TWO_DAYS: Final = (
    r"(?P<word>day\s+before\s+yesterday|(?:today\s+and\s+yester|yesterday\s+and\s+to)day)"
)
_READINGS: Final[tuple[_Reading, ...]] = (
    (_pattern(_TWO_DAYS), _near),
    (_pattern(rf"{_COUNT}\s+(?P<unit>day|week|month|year)s?\s+ago"), _ago),
    (_pattern(rf"(?:last|past|previous)\s+{_COUNT}\s+(?P<unit>day|week|month|year)s?"), _past),
    (
        re.compile(
            r"(?:\b(?P<side>in|over|within|during|from|of)\s+)?\bthe\s+(?:last|past)"
            rf"(?P<count>)\s+(?P<unit>week|month|year){_END}"
        ),
        _past,
    ),
    (
        _pattern(
            r"(?P<which>last|this|previous|past)\s+"
            rf"(?P<unit>week|weekend|month|year|{'|'.join(WEEKDAYS)})"
        ),
        _calendar,
    ),
    (_pattern(r"(?P<word>yesterday|last\s+night|today|this\s+morning)"), _near),
    (_pattern(r"(?P<iso>\d{4}-\d\d-\d\d)"), _iso),
    (
        _pattern(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}(?:,?\s+{_YEAR})?"),
        _dated,
    ),
    (_pattern(rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+{_YEAR})?"), _dated),
    (_pattern(rf"{_MONTH}(?:,?\s+{_YEAR})?"), _month),
    (_pattern(rf"(?P<weekday>{'|'.join(WEEKDAYS)})"), _weekday),
    (_pattern(_YEAR), _year),
)


def _one(day: date, *, surely: bool = False, dated: bool = False) -> _Days:
    return _Days(day, day + _DAY, surely, dated)


def _month_back(first: date, steps: int) -> date:
    """The first day of the month that many before."""
    months = first.year * 12 + first.month - 1 - steps
    return date(months // 12, months % 12 + 1, 1)


def _number(words: str) -> int:
    return int(words) if words.isdigit() else NUMBERS[words]
