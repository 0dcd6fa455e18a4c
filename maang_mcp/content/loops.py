"""Which rounds an onsite loop consists of, by level and company.

Companies differ, and one company's teams differ too: loops.toml holds what is commonly reported,
nothing that a company has published as its rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Final

from pydantic import TypeAdapter

from maang_mcp.domain.company import company as company_of
from maang_mcp.domain.level import Level
from maang_mcp.domain.skills import Round

from .files import beside, read

FEWEST: Final = 3
MOST: Final = 5
"""Rounds of one loop: what fits into a day."""

Rounds = tuple[Round, ...]


@dataclass(frozen=True, slots=True)
class CompanyLoops:
    """How the loops of one company differ from the common ones, where they do."""

    name: str
    rounds: Mapping[Level, Rounds]
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.rounds:
            raise ValueError(f"{self.name} differs nowhere from the common loops")


@dataclass(frozen=True, slots=True)
class Loops:
    """What loops.toml holds: the `common` loops, and companies that differ from them.

    Raises ValueError for a level without a common loop, for a loop that is too short, too long, or
    without code or conversation in it, and for a name that two companies go by.
    """

    common: Mapping[Level, Rounds]
    companies: tuple[CompanyLoops, ...] = ()
    by_company: Mapping[str, CompanyLoops] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if set(self.common) != set(Level):
            raise ValueError("there is no common loop for every level")
        _check("the common loops", self.common)
        found: dict[str, CompanyLoops] = {}
        for company in self.companies:
            _check(company.name, company.rounds)
            for name in (company.name, *company.aliases):
                if found.setdefault(company_of(name).key, company) is not company:
                    raise ValueError(f"{name!r} is the name of two companies")
        object.__setattr__(self, "by_company", MappingProxyType(found))

    def rounds(self, level: Level, company: str | None) -> Rounds:
        """The loop of a company, the common one where it is not known to differ."""
        own = None if company is None else self.by_company.get(company_of(company).key)
        return self.common[level] if own is None else own.rounds.get(level, self.common[level])


def loop_rounds(level: Level, company: str | None) -> tuple[Round, ...]:
    """The rounds of an onsite loop, 3 to 5, in the order of the day.

    Companies differ, and so do teams and years: this is what is commonly reported, and for a
    company that is not known to differ what is common among large ones. Raises InvalidInput for
    what is no name of a company.
    """
    return loops().rounds(level, company)


@cache
def loops() -> Loops:
    """All that is known of loops; read once."""
    return read(beside("loops.toml"), TypeAdapter(Loops))


def _check(whose: str, loops: Mapping[Level, Rounds]) -> None:
    for level, rounds in loops.items():
        if not FEWEST <= len(rounds) <= MOST:
            raise ValueError(f"{whose}: a loop of {len(rounds)} rounds at {level}")
        if not {Round.CODING, Round.AI_ASSISTED} & set(rounds) or Round.BEHAVIORAL not in rounds:
            raise ValueError(f"{whose}: a loop without code or without conversation at {level}")
