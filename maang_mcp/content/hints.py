"""Hint ladders by skill, for interviews about problems that the bank has no file for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter

from maang_mcp.domain.hints import HintLadder
from maang_mcp.domain.skills import Round

from .files import beside, read

Ladder = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Ladders:
    """What hints.toml holds: a ladder for each coding skill, and one for each round that gives
    hints, which assumes no skill."""

    rounds: Mapping[Round, Ladder]
    skills: Mapping[str, Ladder]


@cache
def ladders() -> Ladders:
    """All ladders; read once."""
    return read(beside("hints.toml"), TypeAdapter(Ladders))


def hints_for(skills: Sequence[str], round: Round) -> HintLadder:
    """The ladder of the first skill that has one, given ids with the primary skill first.

    A problem whose skills have none gets that of its round, empty where there are no hints.
    """
    known = ladders()
    general = known.rounds.get(round, ())
    return next((known.skills[skill] for skill in skills if skill in known.skills), general)
