"""A question that dates itself by something the learner did: "before my Google mock"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from .naming import words


class Relation(StrEnum):
    """Where a question looks from what happened."""

    BEFORE = "before"
    AFTER = "after"
    DURING = "during"


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name something the learner did: an interview, or an attempt where `is_attempt`.

    `names` are what it is called by (company, round), `problem` what an attempt was at, and
    `is_first` that the earliest is meant instead of the latest.
    """

    words: str
    relation: Relation
    is_attempt: bool = False
    is_first: bool = False
    names: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something the learner did, from `begun` to `ended`; `names` is all it can be called by."""

    id: UUID
    begun: datetime
    ended: datetime
    names: frozenset[str] = frozenset()


_RELATIONS: Final = {
    "before": Relation.BEFORE,
    "until": Relation.BEFORE,
    "after": Relation.AFTER,
    "since": Relation.AFTER,
    "in": Relation.DURING,
    "during": Relation.DURING,
    "from": Relation.DURING,
    "at": Relation.DURING,
}
_INTERVIEWS: Final = ("mock interview", "mock", "interview", "onsite", "phone screen", "screen")
_FILLERS: Final = frozenset({"round", "coach", "practice"})
_MENTION: Final = re.compile(
    rf"\b(?P<relation>{'|'.join(_RELATIONS)})\s+(?:my|the)\s+"
    r"(?:(?P<which>last|latest|previous|most recent|first)\s+)?"
    r"(?P<names>(?:[\w-]+\s+){0,4}?)"
    rf"(?:(?P<interview>{'|'.join(_INTERVIEWS)})\b(?:\s+(?:at|with)\s+(?P<company>[\w'-]+))?"
    r"|attempt\b(?:\s+(?:at|on)\s+(?P<problem>[\w'+#-]+(?:\s+[\w'+#-]+){0,5}))?)",
    re.IGNORECASE,
)


def read_mention(query: str) -> Mention | None:
    """What the query names that the learner did, if anything.

    Understood are interviews by company or round ("after my last system design mock") and attempts
    ("since my first attempt at two-sum"). One that is neither "last" nor "first", nor called
    anything, may lie ahead and is not taken.
    """
    found = _MENTION.search(query)
    if found is None:
        return None
    which = (found["which"] or "").lower()
    interview = (found["interview"] or "").lower()
    called = words(f"{found['names']} {found['company'] or ''}")
    names = tuple(name for name in called if name not in _FILLERS) if interview else ()
    certain = which or (interview and (names or "mock" in interview))
    if not certain or "next" in called:
        return None
    return Mention(
        words=found[0],
        relation=_RELATIONS[found["relation"].lower()],
        is_attempt=not interview,
        is_first=which == "first",
        names=names,
        problem=found["problem"],
    )


def attempt_at(mention: Mention, resolve: Callable[[str], str | None]) -> Mention | None:
    """The mention of an attempt with the slug of its problem, and no more words than name it.

    What follows the name belongs to the question ("at two sum what did I learn"); `resolve` tells
    the longest name there is. None where no problem goes by any beginning of it.
    """
    if mention.problem is None:
        return mention
    at = len(mention.words) - len(mention.problem)
    for end in [found.end() for found in re.finditer(r"\S+", mention.problem)][::-1]:
        slug = resolve(mention.problem[:end])
        if slug is not None:
            return replace(mention, words=mention.words[: at + end], problem=slug)
    return None


def occasion_meant(mention: Mention, occasions: Sequence[Occasion]) -> Occasion | None:
    """The latest of the occasions that go by those names, or the first; None where none does."""
    fitting = [one for one in occasions if one.names.issuperset(mention.names)]
    if not fitting:
        return None
    choose = min if mention.is_first else max
    return choose(fitting, key=lambda one: one.begun)
