"""Leadership principles and values: the names by which companies speak of behaviour.

A story or a question is filed under a principle, so a name is forgiven its spelling and a typing
error or two, and nothing else; "Netflix dive deep" is no principle, for Netflix has none so called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from . import misreading, naming

_CONTEXT_WORDS: Final = frozenset(
    {"leadership", "principle", "value", "lp", "culture", "cultural", "core", "story", "question"}
)
"""Words around a name that are no part of it; in the singular, as `naming.words` gives them."""


@dataclass(frozen=True, slots=True)
class Principle:
    """One principle of one company; `skills` are the ids of behavioral skills it shows itself in.

    `aliases` are what candidates call it. Raises ValueError for a principle without a name, a
    company or a skill.
    """

    name: str
    company: str
    skills: tuple[str, ...]
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.name.strip() or not self.company.strip() or not self.skills:
            raise ValueError(f"{self.name or self.company!r} needs a name, a company and skills")


class Principles:
    """All principles, company by company, and whose they are.

    `companies` gives each company's name and the other names it goes by. Two companies may use one
    name: it means the principle listed first, unless a company is named with it. Raises ValueError
    where one company has two principles of a name, and for the principle of an unknown company.
    """

    def __init__(
        self, principles: Iterable[Principle], companies: Mapping[str, Sequence[str]]
    ) -> None:
        self._all = tuple(principles)
        self._companies = {
            naming.key(naming.words(name)): company
            for company, others in companies.items()
            for name in (company, *others)
        }
        self._named: dict[str, tuple[Principle, ...]] = {}
        for principle in self._all:
            if principle.company not in companies:
                raise ValueError(f"{principle.name!r} belongs to no company that is listed")
            for key in _keys(principle):
                named = self._named.get(key, ())
                if any(other.company == principle.company for other in named):
                    raise ValueError(f"{principle.company} has two principles called {key!r}")
                self._named[key] = (*named, principle)

    def __iter__(self) -> Iterator[Principle]:
        return iter(self._all)

    def of(self, company: str) -> tuple[Principle, ...]:
        """The principles of the company that `domain.company` gives this key; () if it has none."""
        name = self._companies.get(company)
        return tuple(principle for principle in self._all if principle.company == name)

    def resolve(self, text: str) -> Principle | None:
        """The principle somebody means, or None where that is not certain.

        The company may be named with it, and so may words such as "leadership principle".
        """
        spelt = naming.words(text)
        company = next((self._companies[word] for word in spelt if word in self._companies), None)
        led = spelt[1:] if spelt and spelt[0] in self._companies else spelt
        bare = tuple(word for word in spelt if word not in self._companies)
        core = tuple(word for word in bare if word not in _CONTEXT_WORDS)
        tried = [naming.key(words) for words in (spelt, led, bare, core, naming.significant(core))]
        found = next((self._named[key] for key in tried if key in self._named), ())
        for one in found or self._mistyped(tried[-1]):
            if company in (None, one.company):
                return one
        return None

    def _mistyped(self, key: str) -> tuple[Principle, ...]:
        """The principles of the one name that is nearest, within the slips its length allows."""
        near = process.extract(
            key,
            list(self._named),
            scorer=OSA.distance,
            score_cutoff=misreading.tolerance(len(key)),
            limit=None,
        )
        best = min((slips for _, slips, _ in near), default=0)
        found = [self._named[name] for name, slips, _ in near if slips == best]
        return found[0] if len(set(found)) == 1 else ()


def _keys(principle: Principle) -> frozenset[str]:
    """What a principle is found by: its names in full, and without their small words."""
    spelt = [naming.words(name) for name in (principle.name, *principle.aliases)]
    return frozenset(map(naming.key, (*spelt, *map(naming.significant, spelt))))
