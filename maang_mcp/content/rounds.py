"""The kinds of interview that ship with the product: agenda and rubric, one file for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from pydantic import TypeAdapter

from maang_mcp.domain.agenda import PhaseSpec, RoundSpec
from maang_mcp.domain.hints import MOST
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
    hints: int = MOST
    minutes_per_question: int | None = None


@cache
def round_spec(round: Round, minutes: int) -> RoundSpec:
    """The agenda of a round of that length, in minutes."""
    return rounds()[round][0].for_length(minutes)


def rubric(round: Round) -> Rubric:
    """The rubric of a round."""
    return rounds()[round][1]


@cache
def rounds() -> Mapping[Round, tuple[RoundSpec, Rubric]]:
    """Agenda and rubric of every round; read once."""
    adapter = TypeAdapter(_File)
    found = {}
    for round in Round:
        data = read(beside("rounds") / f"{round}.toml", adapter)
        if data.round is not round:
            raise ValueError(f"{round}.toml holds the round {data.round}")
        spec = RoundSpec(round, data.phases, data.hints, data.minutes_per_question)
        found[round] = (spec, Rubric(round, data.dimensions, data.ceilings))
    return MappingProxyType(found)
