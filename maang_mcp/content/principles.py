"""The principles and values that companies name in their behavioral rounds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter

from maang_mcp.domain.company import company as company_of
from maang_mcp.domain.principles import Principle, Principles

from .files import beside, read


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    skills: tuple[str, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Company:
    name: str
    principles: tuple[_Named, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    """What principles.toml holds."""

    companies: tuple[_Company, ...]


def principles(company: str | None = None) -> tuple[Principle, ...]:
    """The principles of a company, by any name it goes by; of every company when none is named.

    A company whose principles are not known has none. Raises InvalidInput for what is no name of a
    company.
    """
    return tuple(_all()) if company is None else _all().of(company_of(company).key)


def resolve_principle(text: str) -> Principle | None:
    """The principle somebody means ("dive deep", "Amazon's LP Earn Trust"), None if that is not
    certain."""
    return _all().resolve(text)


@cache
def _all() -> Principles:
    file = read(beside("principles.toml"), TypeAdapter(_File))
    return Principles(
        (
            Principle(named.name, company.name, named.skills, named.aliases)
            for company in file.companies
            for named in company.principles
        ),
        {company.name: company.aliases for company in file.companies},
    )
