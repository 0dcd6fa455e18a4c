"""What a question narrows the search to: by its parameters, and by its own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from maang_mcp.domain.lexical import query_terms
from maang_mcp.domain.naming import words
from maang_mcp.domain.occasions import (
    Mention,
    Occasion,
    Relation,
    attempt_at,
    occasion_meant,
    read_mention,
)
from maang_mcp.domain.periods import Period, read_period
from maang_mcp.domain.query import Demand, read_demand, without_quotes
from maang_mcp.domain.scrubbing import label, one_line, scrub
from maang_mcp.domain.search import LabelKind, SearchFilter, Subject

from .dates import parse_since, parse_until, zone_of
from .requests import Question

if TYPE_CHECKING:
    from db import UnitOfWork
    from maang_mcp.domain.catalogue import Catalogue
    from maang_mcp.domain.problem import Problem

INTERVIEWS = 200
"""The latest interviews among which one is looked for that a question mentions."""

LABELS_TOLD = 5
"""Labels there are that are named where one was asked for that is not."""

LONGEST_QUOTED = 40
"""Characters of a label that are quoted."""

_INSTANT = timedelta(microseconds=1)
"""How long an attempt lasts: what is after it begins later, and it is not after itself."""

_NAME_WORDS = 4
"""Up to so many words a whole question may be the name of a problem."""

_NUMBERED = re.compile(r"\b(?:leetcode|lc|problem)\s*#?\s*\d{1,4}\b", re.IGNORECASE)
_SLUG = re.compile(r"(?<![\w-])\w+(?:-\w+)+(?![\w-])")
_ASKING = frozenset(
    query_terms(
        "did done happened learned learnt noted practised practiced recorded remember said solved "
        "talked told worked wrote written notes anything everything things"
    )
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question read: `text` is what to look for, among what `demand` and time words admit; where
    nothing else is said (`is_bare`), those words themselves.

    `problems` are those its words name (slugs), `names` such titles as the text does not hold, and
    `unquoted` is where time words stood.
    """

    text: str
    demand: Demand | None = None
    period: Period | None = None
    mention: Mention | None = None
    problems: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    unquoted: str = ""
    is_bare: bool = False

    @property
    def asks_for_all(self) -> bool:
        """Whether everything the words admit is an answer: nothing else is looked for."""
        if self.demand is not None:
            return bool(self.demand.every)
        return self.is_bare or _ASKING.issuperset(query_terms(self.text))

    @property
    def searched(self) -> str:
        """The text with the titles of the problems it names otherwise."""
        return " ".join((self.text, *self.names))


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which memories may answer. `told` is the filter of the parameters alone and of what the
    question excludes; `asked` also that of its other words, which are quoted in `by`, those of a
    time in `dated_by` as well; `missing` is what they name that is not there."""

    told: SearchFilter
    asked: SearchFilter
    by: str = ""
    missing: str = ""
    dated_by: str = ""


def mentions_attempt(query: str) -> bool:
    """Whether the question may name a problem of the learner's own, to date itself by."""
    mention = read_mention(without_quotes(query))
    return mention is not None and mention.problem is not None


def read_question(
    query: str,
    now: datetime,
    catalogue: Catalogue,
    *,
    dated: bool,
    own: Sequence[Problem] = (),
) -> Reading:
    """The question's own words. Where a period is already told (`dated`), no time words count; nor
    does anything in a question that is but a problem's name. `own` are the learner's problems."""
    if len(query.split()) <= _NAME_WORDS and (whole := catalogue.resolve(query)) is not None:
        return Reading(query, problems=(whole.slug,), names=_further(query, [whole]))
    mention, period = None, None
    unquoted = without_quotes(query)
    if not dated:
        mention = read_mention(unquoted)
        period = None if mention else read_period(unquoted, now)
    dating: Mention | Period | None = period
    if mention is not None:
        # Without a problem that goes by its name, its words may as well be the question's.
        dating = attempt_at(mention, lambda name: _slug_of(name, catalogue, own))
        mention = dating or mention
    rest = query if dating is None else " ".join(query.replace(dating.words, " ", 1).split())
    demand, text = read_demand(rest)
    found = [catalogue.resolve(match[0]) for match in _NUMBERED.finditer(text)]
    found += [catalogue.get(match[0].lower()) for match in _SLUG.finditer(text)]
    named = [problem for problem in found if problem is not None]
    return Reading(
        text=text or query,
        demand=demand,
        period=period,
        mention=mention,
        problems=tuple(problem.slug for problem in named),
        names=_further(text, named),
        unquoted=unquoted,
        is_bare=not text,
    )


def may_narrow(question: Question, reading: Reading) -> bool:
    """Whether anything but the learner's whole record may be searched."""
    told = (question.kinds, question.tags, question.problem, question.conversation)
    dated = (question.since, question.until, question.topic)
    return any((*told, *dated, reading.demand, reading.period, reading.mention))


async def narrow(
    uow: UnitOfWork, catalogue: Catalogue, question: Question, reading: Reading, now: datetime
) -> Narrowed:
    """The filters of a question. Raises InvalidInput for a moment that cannot be read and
    UnknownSkill for a topic nobody knows."""
    problem = await problem_named(uow, catalogue, question.problem)
    told = SearchFilter(
        kinds=question.kinds,
        tags=tuple(map(_as_stored, question.tags)),
        problem=problem.slug if problem else _as_stored(question.problem) or None,
        conversation=_as_stored(question.conversation) or None,
        since=parse_since(question.since, now) if question.since else None,
        until=parse_until(question.until, now) if question.until else None,
        subject=await _subject(uow, catalogue, question.topic) if question.topic else None,
    )
    dated = Narrowed(told, told)
    if reading.period is not None:
        zone = zone_of(await uow.learner.profile())
        period = read_period(reading.unquoted, now, zone) or reading.period
        asked = replace(told, since=period.since, until=period.until)
        by = f"'{period.words}'"
        dated = Narrowed(told, asked, by, dated_by=by)
    elif reading.mention is not None:
        dated = await _around(uow, reading.mention, told)
    if reading.demand is None:
        return dated
    by = " and ".join(part for part in ("its exact words", dated.by) if part)
    return replace(
        dated,
        told=replace(told, demand=reading.demand.excluding),
        asked=replace(dated.asked, demand=reading.demand),
        by=by,
    )


async def unknown_label(uow: UnitOfWork, search: SearchFilter) -> str:
    """Which kind of label in a filter nothing on record has, and those there are; empty where
    something has each. What is quoted is stored text, ready to stand outside of a fence."""
    asked: tuple[tuple[LabelKind, Iterable[str | None]], ...] = (
        (LabelKind.TAG, search.tags),
        (LabelKind.PROBLEM, [search.problem]),
        (LabelKind.CONVERSATION, [search.conversation]),
    )
    for kind, told in asked:
        wanted = {kind.key(name) for name in told if name}
        if not wanted:
            continue
        known = await uow.memory.labels(kind)
        if wanted.isdisjoint(map(kind.key, known)):
            there = ", ".join(map(_quoted, known[:LABELS_TOLD])) or "none"
            return f"nothing has that {kind}; there is {there}"
    return ""


async def problem_named(uow: UnitOfWork, catalogue: Catalogue, name: str | None) -> Problem | None:
    """The problem somebody means: of the catalogue, or of their own."""
    if not name:
        return None
    return catalogue.resolve(name) or catalogue.resolve(
        name, also=await uow.practice.custom_problems()
    )


async def _subject(uow: UnitOfWork, catalogue: Catalogue, topic: str) -> Subject:
    skills = catalogue.graph.topic(topic)
    known = {skill.id for skill in skills}
    problems = (*catalogue, *await uow.practice.custom_problems())
    names = [name for skill in skills for name in (skill.id, skill.name, *skill.aliases)]
    return Subject(
        problems=tuple(p.slug for p in problems if not known.isdisjoint(p.skills)),
        tags=tuple({form for name in (*names, topic) for form in (name, name.lower())}),
    )


async def _around(uow: UnitOfWork, mention: Mention, told: SearchFilter) -> Narrowed:
    occasions = await (_attempts if mention.is_attempt else _interviews)(uow, mention)
    meant = occasion_meant(mention, occasions)
    by = f"'{mention.words}'"
    if meant is None:
        return Narrowed(told, told, missing=f"Nothing on record is meant by {by}. ")
    match mention.relation:
        case Relation.BEFORE:
            asked = replace(told, until=meant.begun)
        case Relation.AFTER:
            asked = replace(told, since=meant.ended)
        case Relation.DURING if mention.is_attempt:
            asked = replace(told, since=meant.begun, until=meant.ended)
        case Relation.DURING:
            asked = replace(told, interview_id=meant.id)
    return Narrowed(told, asked, by, dated_by=by)


async def _interviews(uow: UnitOfWork, mention: Mention) -> list[Occasion]:
    return [
        Occasion(
            one.id,
            one.started_at,
            one.started_at + timedelta(seconds=one.active_seconds),
            frozenset(words(f"{one.company or ''} {one.round.value} {one.level.value}")),
        )
        for one in await uow.interview.recent(INTERVIEWS)
    ]


async def _attempts(uow: UnitOfWork, mention: Mention) -> list[Occasion]:
    return [
        Occasion(one.id, one.at, one.at + _INSTANT)
        for one in await uow.practice.attempts_touched(None)
        if mention.problem in (None, one.problem)
    ]


def _slug_of(name: str, catalogue: Catalogue, own: Sequence[Problem]) -> str | None:
    problem = catalogue.resolve(name) or (catalogue.resolve(name, also=own) if own else None)
    return None if problem is None else problem.slug


def _as_stored(text: str | None) -> str:
    """A label as it is stored: secrets are not, and cannot be asked for."""
    return scrub(one_line(text))[0]


def _quoted(text: str) -> str:
    return f"'{label(text)[:LONGEST_QUOTED]}'"


def _further(text: str, problems: list[Problem]) -> tuple[str, ...]:
    """The titles that the text does not hold already."""
    said = set(words(text))
    titles = dict.fromkeys(problem.title for problem in problems)
    return tuple(title for title in titles if not said.issuperset(words(title)))
