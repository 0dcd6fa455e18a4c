"""Hint ladders by skill, for interviews about problems that the bank has no file for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter

from maang_mcp.domain.hints import HintLadder

from .files import beside, read


@dataclass(frozen=True, slots=True)
class Ladders:
    """What hints.toml holds: a ladder for each coding skill, and one that assumes none."""

    general: HintLadder
    skills: Mapping[str, HintLadder]


@cache
def ladders() -> Ladders:
    """All ladders; read once."""
    return read(beside("hints.toml"), TypeAdapter(Ladders))


def hints_for(skills: Sequence[str]) -> HintLadder:
    """The ladder of the first skill that has one, given ids with the primary skill first.

    A problem whose skills are unknown gets the general ladder.
    """
    known = ladders()
    return next((known.skills[skill] for skill in skills if skill in known.skills), known.general)
