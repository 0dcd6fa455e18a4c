"""How the companies that the content speaks of spell their names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from maang_mcp.domain.company import company as company_of
from maang_mcp.domain.errors import InvalidInput

from .loops import loops
from .principles import principles

_LADDERS: Final = ("Apple", "Microsoft")
"""Companies whose levels are known, though neither their loops nor their principles are."""


def spelt(told: str) -> str:
    """The name of a company in its own spelling ("amazon" is Amazon, "aws" AWS); as it was told
    where no company is known by it."""
    try:
        return _spellings().get(company_of(told).key, told)
    except InvalidInput:
        return told


@cache
def _spellings() -> Mapping[str, str]:
    ours = [name for one in loops().companies for name in (one.name, *one.aliases)]
    led = [one.company for one in principles()]
    return MappingProxyType({company_of(name).key: name for name in (*_LADDERS, *led, *ours)})
