"""The kinds of interview that ship with the product: agenda and rubric, one file for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from pydantic import TypeAdapter

from maang_mcp.domain.agenda import PhaseSpec, RoundSpec
from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.rubric import CeilingRule, Dimension, Rubric
from maang_mcp.domain.skills import Round

from .files import beside, read


@dataclass(frozen=True, slots=True)
class _File:
    """What a file of rounds/ holds."""

    round: Round
    phases: tuple[PhaseSpec, ...]
    dimensions: tuple[Dimension, ...]
    ceilings: tuple[CeilingRule, ...]


def round_spec(round: Round) -> RoundSpec:
    """The agenda of a round; raises InvalidInput for a round that cannot be interviewed yet."""
    return _of(round)[0]


def rubric(round: Round) -> Rubric:
    """The rubric of a round; raises InvalidInput for a round that cannot be interviewed yet."""
    return _of(round)[1]


def _of(round: Round) -> tuple[RoundSpec, Rubric]:
    known = rounds()
    if round not in known:
        raise InvalidInput(
            f"There is no mock interview for {round.replace('_', ' ')} rounds yet.",
            hint=f"There is one for: {', '.join(known)}.",
        )
    return known[round]


@cache
def rounds() -> Mapping[Round, tuple[RoundSpec, Rubric]]:
    """Agenda and rubric of every round there is a file for; read once."""
    adapter = TypeAdapter(_File)
    found = {}
    for file in sorted(beside("rounds").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            data = read(file, adapter)
            found[data.round] = (
                RoundSpec(data.round, data.phases),
                Rubric(data.round, data.dimensions, data.ceilings),
            )
    return MappingProxyType(found)
