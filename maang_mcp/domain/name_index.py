"""Finding a problem by what somebody calls it: exactly, or through their typing errors.

A wrong match files an attempt under a problem that was never tried, so a slip is forgiven only
where it cannot be anything else: **a word the catalogue knows is not a typing error**. "lfu cache"
is never read as "LRU Cache", nor "minimum path sum" as "maximum"; a numeral has to agree
("House Robber" is not "House Robber II"), and one problem must be nearer than every other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from . import misreading, naming
from .problem import Problem
from .skills import Round

_CONTEXT_WORDS: Final = frozenset(
    {"leetcode", "lc", "neetcode", "problem", "question", "easy", "medium", "hard"}
    | {"python", "java", "javascript", "typescript", "cpp", "golang"}
)
_TASK_WORDS: Final = frozenset({"design", "system", "implement", "interview", "a", "an"})
_SUBTITLE_MARKS: Final = (" - ", "(", ": ")
_LONGEST_QUERY: Final = 16
_CONSIDERED: Final = 60
_UNREACHED: Final = (99, 99)


@dataclass(frozen=True, slots=True)
class _Name:
    """One name: its significant words, written together, and written together with all others."""

    problem: Problem
    words: tuple[str, ...]
    key: str
    full_key: str


class NameIndex:
    """Every name of every problem: title, slug and aliases, or the title without its subtitle."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self._exact: dict[str, tuple[Problem, ...]] = {}
        self._loose: dict[str, tuple[Problem, ...]] = {}
        self._topics: dict[str, tuple[Problem, ...]] = {}
        self._postings: dict[str, tuple[_Name, ...]] = {}
        self._names: tuple[_Name, ...] = ()
        self._keys: tuple[str, ...] = ()
        self._full_keys: tuple[str, ...] = ()
        self._add(problems)

    def extended(self, problems: Iterable[Problem]) -> NameIndex:
        """A new index that knows these problems too."""
        index = NameIndex(())
        index._exact = dict(self._exact)
        index._loose = dict(self._loose)
        index._topics = dict(self._topics)
        index._postings = dict(self._postings)
        index._names, index._keys, index._full_keys = self._names, self._keys, self._full_keys
        index._add(problems)
        return index

    def shared_names(self) -> Iterator[tuple[str, tuple[Problem, ...]]]:
        """Names that mean several problems of one round: defects of a catalogue."""
        for name, problems in self._exact.items():
            if len({problem.round for problem in problems}) < len(problems):
                yield name, problems

    def exact(self, text: str, round: Round | None = None) -> Problem | None:
        """The problem of that name, whatever its case, punctuation, numerals and stop words.

        Words that only say where it is from or what to do with it ("leetcode", "design a ...")
        may surround it. Where a coding problem and a topic of another round share the name,
        `round` decides, else the one listed first.
        """
        spelt = naming.words(text)
        if not spelt:
            return None
        bare = tuple(word for word in spelt if word not in _CONTEXT_WORDS)
        core = tuple(word for word in bare if word not in _TASK_WORDS)
        for tried in (spelt, _without_first_part(spelt), bare, core):
            found = self._exact.get(naming.key(tried))
            if found:
                return _of_round(found, round)[0]
            found = _of_round(self._loose.get(naming.key(naming.significant(tried)), ()), round)
            if len(found) == 1:
                return found[0]
        if "design" in spelt or round is Round.SYSTEM_DESIGN:
            topics = self._topics.get(naming.key(naming.significant(core)), ())
            return topics[0] if len(topics) == 1 else None
        return None

    def mistyped(self, text: str, round: Round | None = None) -> Problem | None:
        """The one problem whose name this must be, with its typing errors or a word left out."""
        spelt = tuple(word for word in naming.words(text) if word not in _CONTEXT_WORDS)
        asked = naming.significant(spelt)
        unknown = [word for word in asked if word not in self._postings]
        if len(asked) > _LONGEST_QUERY or any(map(misreading.perhaps_numeral, unknown)):
            return None
        key = naming.key(asked)
        costs: dict[str, tuple[tuple[int, int], Problem]] = {}
        for errors, name in (*self._by_words(asked), *self._by_letters(asked, spelt)):
            cost = (errors, OSA.distance(key, name.key))
            if cost < costs.get(name.problem.slug, (_UNREACHED, None))[0]:
                costs[name.problem.slug] = (cost, name.problem)
        if not costs:
            return None
        best = min(cost for cost, _ in costs.values())
        found = _of_round(tuple(p for cost, p in costs.values() if cost == best), round)
        return found[0] if len(found) == 1 else None

    def nearest(self, text: str, limit: int, likeness: float) -> tuple[Problem, ...]:
        """Problems with similar names, the most similar first; for suggestions, not for filing."""
        asked = " ".join(naming.significant(naming.words(text)))
        spoken = [" ".join(name.words) for name in self._names]
        sharing = process.extract(
            asked, spoken, scorer=fuzz.token_set_ratio, score_cutoff=likeness, limit=_CONSIDERED
        )
        ranked = sorted(sharing, key=lambda hit: (-hit[1], -fuzz.ratio(asked, hit[0])))
        found = {self._names[at].problem.slug: self._names[at].problem for _, _, at in ranked}
        return tuple(found.values())[:limit]

    def _add(self, problems: Iterable[Problem]) -> None:
        names: list[_Name] = []
        for problem in problems:
            full = dict.fromkeys(map(naming.words, (problem.title, problem.slug, *problem.aliases)))
            for spelt in full:
                _append(self._exact, naming.key(spelt), problem)
            for spelt in (*full, *map(naming.words, _without_subtitle(problem.title))):
                asked = naming.significant(spelt)
                _append(self._loose, naming.key(asked), problem)
                if problem.round is Round.SYSTEM_DESIGN:
                    core = tuple(word for word in asked if word not in _TASK_WORDS)
                    _append(self._topics, naming.key(core), problem)
                names.append(_Name(problem, asked, naming.key(asked), naming.key(spelt)))
        postings: dict[str, list[_Name]] = {}
        for name in names:
            for word in set(name.words):
                postings.setdefault(word, []).append(name)
        for word, holders in postings.items():
            self._postings[word] = (*self._postings.get(word, ()), *holders)
        self._names += tuple(names)
        self._keys += tuple(name.key for name in names)
        self._full_keys += tuple(name.full_key for name in names)

    def _by_words(self, asked: Sequence[str]) -> Iterator[tuple[int, _Name]]:
        """Names that hold every known word of the question and a likely reading of the others."""
        known = [word for word in asked if word in self._postings]
        if not known:
            return
        rarest = min(known, key=lambda word: len(self._postings[word]))
        for name in self._postings[rarest]:
            cost = misreading.cost(asked, name.words, self._postings)
            if cost is not None:
                yield cost, name

    def _by_letters(
        self, asked: Sequence[str], spelt: Sequence[str]
    ) -> Iterator[tuple[int, _Name]]:
        """Names that differ in a letter or two, wherever the spaces fell."""
        known = {word for word in asked if word in self._postings}
        for key, keys in (
            (naming.key(asked), self._keys),
            (naming.key(spelt), self._full_keys),
        ):
            limit = misreading.tolerance(len(key))
            close = process.extract(key, keys, scorer=OSA.distance, score_cutoff=limit, limit=10)
            for _, slips, at in close:
                name = self._names[at]
                numerals = naming.NUMBER_WORDS.intersection(name.words)
                letters = {word for word in name.words if len(word) == 1}
                if (
                    known.issubset(name.words)
                    and all(numeral in key for numeral in numerals)
                    and letters.issubset(asked)  # the k of "merge k lists" is no slip of the finger
                    and not misreading.differ_in_a_short_word(asked, name.words)
                ):
                    yield int(slips), name


def _without_subtitle(title: str) -> Iterator[str]:
    for mark in _SUBTITLE_MARKS:
        if mark in title:
            yield title.partition(mark)[0]


def _append(names: dict[str, tuple[Problem, ...]], key: str, problem: Problem) -> None:
    known = names.get(key, ())
    if all(other.slug != problem.slug for other in known):
        names[key] = (*known, problem)


def _of_round(problems: tuple[Problem, ...], round: Round | None) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if problem.round is round) or problems


def _without_first_part(spelt: tuple[str, ...]) -> tuple[str, ...]:
    """The name without a first part's numeral: "Word Search I" is the site's "Word Search"."""
    return spelt[:-1] if len(spelt) > 1 and spelt[-1] == "one" else spelt
