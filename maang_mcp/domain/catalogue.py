"""The problems on offer: found by any of their names, or searched by topic, label and list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from . import naming, problem_search
from .errors import InvalidInput
from .name_index import NameIndex
from .problem import Difficulty, Problem, custom_problem, url_in
from .skills import Round, SkillGraph

_SITES: Final = frozenset({"leetcode.com", "leetcode.cn", "leetcode-cn.com", "neetcode.io"})
_NUMBER: Final = re.compile(
    r"(?:problem\b\s*)?(?:(?:no\b\.?|number\b)\s*)?#?\s*(\d{1,4})\.?", re.IGNORECASE
)
_SITE_NUMBER: Final = re.compile(
    r"[(\[]?\b(?:leetcode|lc)[\s#:.-]*(?:problem|question|number|no)?[\s#:.-]*(\d{1,4})\b[)\]]?",
    re.IGNORECASE,
)
_ORDINAL: Final = re.compile(r"#?\s*(\d{1,4})(\s*[.):\-\u2013]\s*|\s+)(?=\S)")
_LONGEST_NAME: Final = 200
_FEW: Final = 10
_SIMILAR: Final = 60.0
LIKELY: Final = 85.0
"""The likeness from which a name is worth asking about, though it may well be a new one."""


class Catalogue:
    """The problems that ship with the product, and the ways to find one.

    To iterate over it yields what can be practised alone. Questions of the bank are left out of
    that, so that one is still new when an interview asks it; they are found like all others.

    Raises `ValueError` for a slug, number or name used twice, and for a skill the graph does not
    know: the catalogue is the product's own data, so each is a defect.
    """

    def __init__(self, problems: Iterable[Problem], graph: SkillGraph) -> None:
        self.graph = graph
        self._problems: dict[str, Problem] = {}
        self._numbers: dict[int, Problem] = {}
        for problem in problems:
            if self._problems.setdefault(problem.slug, problem) is not problem:
                raise ValueError(f"problem {problem.slug!r} is listed twice")
            number = problem.number
            if number is not None and self._numbers.setdefault(number, problem) is not problem:
                raise ValueError(f"number {number} is used twice")
            for skill in problem.skills:
                if skill not in graph:
                    raise ValueError(f"problem {problem.slug!r} needs unknown skill {skill!r}")
        self._index = NameIndex(self._problems.values())
        for name, shared in self._index.shared_names():
            raise ValueError(f"{name!r} names {' and '.join(problem.slug for problem in shared)}")
        self._alone = tuple(one for one in self._problems.values() if not one.bank)
        self.lists = frozenset(name for problem in self for name in problem.lists)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._alone)

    def __len__(self) -> int:
        return len(self._alone)

    def get(self, slug: str) -> Problem | None:
        """The problem of exactly that slug."""
        return self._problems.get(slug)

    def resolve(
        self, text: str, also: Iterable[Problem] = (), *, round: Round | None = None
    ) -> Problem | None:
        """The problem somebody means, or None where that is not certain.

        Understood are a slug, an address on a practice site, a number ("15", "#15", "15.",
        "no. 15", "problem 15", "LC 15"), a title or alias in any spelling, and typing errors that
        leave only one reading. `also` are the learner's own problems, which come after ours of
        the same name; `round` decides where a coding problem and a topic of another round share
        one.
        """
        text = text.strip()
        if text in self._problems:
            return self._problems[text]
        own = self._own(also)
        url = url_in(text)
        if url is not None:
            return self._at(url, own) or self._problems.get(custom_problem(text).slug)
        if len(text) > _LONGEST_NAME:
            return None
        index = self._index.extended(own) if own else self._index
        numbered = _NUMBER.fullmatch(text)
        if numbered is not None and int(numbered[1]) in self._numbers:
            return self._numbers[int(numbered[1])]
        named = index.exact(text, round)
        if named is not None:
            return named
        if site := _SITE_NUMBER.search(text):
            return self._numbered(int(site[1]), text.replace(site[0], " "), index, round)
        if ordinal := _ORDINAL.match(text):
            title = text[ordinal.end() :]
            named = index.exact(title, round) or index.mistyped(title, round)
            if named is not None and (
                named.number == int(ordinal[1]) or (ordinal[2].strip() and index.exact(title))
            ):
                return named
        return index.mistyped(text, round)

    def near(
        self, text: str, n: int = 3, also: Iterable[Problem] = (), *, likeness: float = _SIMILAR
    ) -> tuple[Problem, ...]:
        """Up to `n` problems with similar names, the most similar first, to ask "did you mean".

        `likeness` is how much the words of both must agree, from 0 to 100 (one holds the other).
        """
        own = self._own(also)
        return (self._index.extended(own) if own else self._index).nearest(text, n, likeness)

    def search(
        self,
        query: str = "",
        *,
        skill: str | None = None,
        difficulty: Difficulty | None = None,
        list_name: str | None = None,
        round: Round | None = None,
        max_minutes: int | None = None,
        also: Iterable[Problem] = (),
    ) -> list[Problem]:
        """The problems that meet every condition, the best match first.

        A query is a name, a topic ("dp", "graphs"), words of a title, or a label with one of
        these ("easy trees"). Among equals, problems on more study lists come first, then easier
        ones. Raises `UnknownSkill` for a skill and `InvalidInput` for a list nobody knows.
        """
        skills = frozenset(one.id for one in self.graph.topic(skill)) if skill else None
        listed = self._list(list_name) if list_name else None
        text, label = problem_search.split_query(query)
        label = difficulty or label
        own = self._own(also)
        everything = (*self._problems.values(), *own)
        relevance: Mapping[str, float] | None = None
        if text:
            named = self.resolve(text, own, round=round)
            relevance = problem_search.rank(everything, text, self.graph, named) or {
                problem.slug: -place for place, problem in enumerate(self.near(text, _FEW, own))
            }
        elif skills is not None:
            relevance = {one.slug: problem_search.topical(one, skills) for one in everything}
        found = [
            one
            for one in everything
            if (relevance is None or one.slug in relevance)
            and (skills is None or not skills.isdisjoint(one.skills))
            and (listed is None or listed in one.lists)
            and (label is None or one.difficulty is label)
            and (round is None or one.round is round)
            and (max_minutes is None or one.minutes <= max_minutes)
        ]
        ranks = relevance or {}
        return sorted(
            found, key=lambda one: (-ranks.get(one.slug, 0), *problem_search.standing(one))
        )

    def _own(self, also: Iterable[Problem]) -> tuple[Problem, ...]:
        """The learner's own problems without those that ours have taken the place of."""
        return tuple(one for one in also if one.slug not in self._problems)

    def _list(self, name: str) -> str:
        spelt = naming.key(naming.words(name))
        for known in self.lists:
            if naming.key(naming.words(known)) == spelt:
                return known
        raise InvalidInput(
            f"No study list is called {name!r}; there are {', '.join(sorted(self.lists))}."
        )

    def _at(self, url: str, own: tuple[Problem, ...]) -> Problem | None:
        """The problem at an address: by its slug on a practice site, else the learner's own."""
        site, path = _address(url)
        steps = path.split("/")
        if site in _SITES and "problems" in steps[:-1]:
            slug = steps[steps.index("problems") + 1]
            if slug in self._problems:
                return self._problems[slug]
            if site == "neetcode.io" and (named := self._index.exact(slug)) is not None:
                return named
        return next((p for p in own if p.url and _address(p.url) == (site, path)), None)

    def _numbered(
        self, number: int, title: str, index: NameIndex, round: Round | None
    ) -> Problem | None:
        """The problem of a site's number, unless the title beside it says another one."""
        problem = self._numbers.get(number)
        named = index.exact(title, round) or index.mistyped(title, round)
        if named is None:
            return problem
        return named if problem in (None, named) else None


def _address(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc.lower().removeprefix("www."), parts.path.strip("/").lower()
