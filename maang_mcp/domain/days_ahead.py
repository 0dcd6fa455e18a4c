"""A day to come as people say it: "6 weeks", "in two months", "next Friday", "5 March"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from .periods import MONTHS, NUMBERS, SIZES, WEEKDAYS

_DAY: Final = timedelta(days=1)
_NEAR: Final = {"yesterday": -1, "today": 0, "tomorrow": 1, "the day after tomorrow": 2}
_UNITS: Final = {"d": "day", "w": "week", "m": "month", "y": "year"}
_SHORT: Final = 3

_COUNT: Final = "|".join(sorted(NUMBERS, key=len, reverse=True))
_NAME: Final = "|".join(f"{month}|{month[:_SHORT]}" for month in MONTHS)
_YEAR: Final = r"(?:,? (?P<year>\d{4}))?"


def day_ahead(words: str, today: date) -> date | None:
    """The day that words name; None where they name none.

    A month counts 30 days, a year 365. A weekday is the first one after today, a date without a
    year the next one. An ISO date, "today" and "yesterday" may turn out not to lie ahead.
    """
    plain = " ".join(words.lower().split())
    if plain in _NEAR:
        return today + _NEAR[plain] * _DAY
    for pattern, read in _READINGS:
        if found := pattern.fullmatch(plain):
            try:
                return read(found, today)
            except (ValueError, OverflowError):  # the 31st of June; after the year 9999
                return None
    return None


def _span(found: re.Match[str], today: date) -> date:
    count = found["count"]
    number = int(count) if count.isdigit() else NUMBERS[count]
    return today + number * SIZES[_UNITS[found["unit"][0]]] * _DAY


def _weekday(found: re.Match[str], today: date) -> date:
    names = [name[:_SHORT] for name in WEEKDAYS]
    ahead = names.index(found["weekday"][:_SHORT]) - today.weekday()
    return today + (ahead % 7 or 7) * _DAY


def _dated(found: re.Match[str], today: date) -> date:
    names = [name[:_SHORT] for name in MONTHS]
    number, day = names.index(found["month"][:_SHORT]) + 1, int(found["day"])
    if found["year"]:
        return date(int(found["year"]), number, day)
    this_year = date(today.year, number, day)
    return this_year if this_year >= today else date(today.year + 1, number, day)


def _iso(found: re.Match[str], today: date) -> date:
    return date.fromisoformat(found[0])


_READINGS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date]], ...]] = (
    (re.compile(r"\d{4}-\d\d-\d\d"), _iso),
    (
        re.compile(
            rf"(?:in |within )?(?P<count>\d{{1,3}}|{_COUNT}) ?"
            r"(?P<unit>days?|d|weeks?|wks?|w|months?|mos?|years?|yrs?|y)"
            r"(?: from (?:now|today)|'? time)?"
        ),
        _span,
    ),
    (
        re.compile(
            r"(?:(?:on|by|until) )?(?:(?:this|next|coming) )?"
            rf"(?P<weekday>{'|'.join(f'{name}|{name[:_SHORT]}' for name in WEEKDAYS)})"
        ),
        _weekday,
    ),
    (
        re.compile(rf"(?:the )?(?P<day>\d\d?)(?:st|nd|rd|th)?(?: of)? (?P<month>{_NAME}){_YEAR}"),
        _dated,
    ),
    (re.compile(rf"(?P<month>{_NAME}) (?:the )?(?P<day>\d\d?)(?:st|nd|rd|th)?{_YEAR}"), _dated),
)
