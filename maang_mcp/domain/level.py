"""The seniority an interview aims at, and the many names that companies have for it.

Companies number their ladders differently: L5 is senior at Google and the second rung at Amazon.
A name is therefore read on the ladder of the company it is said about, and a name alone on the
ladder that Google and Meta made the common one (L3 or E3 for a graduate). The correspondence is
the one candidates use among themselves; no company publishes its own.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from .errors import InvalidInput


class Level(StrEnum):
    """How senior the position is; what is expected in every rubric cell rises with it."""

    ENTRY = "entry"
    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"


_ENTRY, _MID, _SENIOR, _STAFF = Level

UNDERSTOOD: Final = (
    "entry, mid, senior, staff; new grad, junior, principal; L3 to L8, E3 to E8, IC3 to IC8 "
    "(Amazon's own: L4 to L8), SDE or SWE I to III, ICT2 to ICT6 (Apple), 59 to 68 (Microsoft); "
    "with or without the company, as in 'Amazon L5'"
)

_COMPANIES: Final = {
    "amazon": "amazon",
    "aws": "amazon",
    "apple": "apple",
    "google": "google",
    "alphabet": "google",
    "youtube": "google",
    "microsoft": "microsoft",
    "msft": "microsoft",
}
"""Words that name a company whose ladder differs from the common one."""

_WORDS: Final = (
    ("senior staff", _STAFF),
    ("staff", _STAFF),
    ("principal", _STAFF),
    ("distinguished", _STAFF),
    ("senior", _SENIOR),
    ("sr", _SENIOR),
    ("mid level", _MID),
    ("mid", _MID),
    ("middle", _MID),
    ("intermediate", _MID),
    ("new grad", _ENTRY),
    ("new graduate", _ENTRY),
    ("university grad", _ENTRY),
    ("early career", _ENTRY),
    ("entry level", _ENTRY),
    ("entry", _ENTRY),
    ("junior", _ENTRY),
    ("jr", _ENTRY),
    ("graduate", _ENTRY),
    ("intern", _ENTRY),
    ("internship", _ENTRY),
)

_COMMON_LADDER: Final = {3: _ENTRY, 4: _MID, 5: _SENIOR, 6: _STAFF, 7: _STAFF, 8: _STAFF}
_AMAZON_LADDER: Final = {4: _ENTRY, 5: _MID, 6: _SENIOR, 7: _STAFF, 8: _STAFF}
_APPLE_LADDER: Final = {2: _ENTRY, 3: _MID, 4: _SENIOR, 5: _STAFF, 6: _STAFF}
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "1": 1, "2": 2, "3": 3}
_TITLES: Final = {1: _ENTRY, 2: _MID, 3: _SENIOR}
_GOOGLE_TITLES: Final = {2: _ENTRY, 3: _MID}

_RUNG: Final = re.compile(r"\b(?:(ict)|(?:l|e|ic|level))\s?(\d)[ab]?\b")
_TITLE: Final = re.compile(
    r"\b(?:sde|swe|sd|(?:software )?(?:development )?engineer|developer)\s?(iii|ii|i|[123])\b"
)
_MICROSOFT: Final = re.compile(r"\b(59|6[0-8])\b")


def resolve_level(text: str, company: str | None = None) -> Level:
    """The level that `text` names, read on the ladder of `company` or of the one named in it.

    Raises InvalidInput, listing what is understood, when nothing in the text names a level or
    when it names two different ones.
    """
    plain = _plain(text)
    ladder = _ladder(plain) or _ladder(_plain(company or ""))
    found = _words(plain) | _rungs(plain, ladder) | _titles(plain, ladder)
    if ladder == "microsoft":
        found |= {_microsoft(int(number)) for number in _MICROSOFT.findall(plain)}
    if len(found) == 1:
        return found.pop()
    if found:
        named = " and ".join(level for level in Level if level in found)
        raise InvalidInput(
            f"'{text[:60]}' names more than one level ({named}).",
            hint="Name one of them: entry, mid, senior or staff.",
        )
    raise InvalidInput(
        f"'{text[:60]}' names no level the coach knows.", hint=f"Understood: {UNDERSTOOD}."
    )


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.casefold()))


def _ladder(plain: str) -> str | None:
    return next((_COMPANIES[word] for word in plain.split() if word in _COMPANIES), None)


def _words(plain: str) -> set[Level]:
    rest = f" {plain} "
    found = set()
    for phrase, level in _WORDS:
        if f" {phrase} " in rest:
            found.add(level)
            rest = rest.replace(f" {phrase} ", "  ")
    return found


def _rungs(plain: str, ladder: str | None) -> set[Level]:
    found = set()
    for ict, digit in _RUNG.findall(plain):
        rungs = _APPLE_LADDER if ict else _AMAZON_LADDER if ladder == "amazon" else _COMMON_LADDER
        level = rungs.get(int(digit))
        if level is not None:
            found.add(level)
    return found


def _titles(plain: str, ladder: str | None) -> set[Level]:
    titles = _GOOGLE_TITLES if ladder == "google" else _TITLES
    numbers = (_ROMAN[numeral] for numeral in _TITLE.findall(plain))
    return {titles[number] for number in numbers if number in titles}


def _microsoft(number: int) -> Level:
    if number <= 60:
        return _ENTRY
    if number <= 62:
        return _MID
    return _SENIOR if number <= 64 else _STAFF
