"""The question bank: interview questions of our own, one file each under questions/<round>/."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from pydantic import TypeAdapter

from maang_mcp.domain.question import (
    AssistedQuestion,
    BehavioralQuestion,
    CodingQuestion,
    DesignQuestion,
    Question,
)
from maang_mcp.domain.skills import Round

from .files import beside, read

QUESTION_FILES: Final[Mapping[Round, TypeAdapter[Any]]] = MappingProxyType(
    {
        Round.CODING: TypeAdapter(CodingQuestion),
        Round.SYSTEM_DESIGN: TypeAdapter(DesignQuestion),
        Round.BEHAVIORAL: TypeAdapter(BehavioralQuestion),
        Round.AI_ASSISTED: TypeAdapter(AssistedQuestion),
    }
)
"""What a file of each folder of questions/ holds."""


@cache
def questions() -> Mapping[str, Question]:
    """The whole bank by slug; read once.

    Raises ValueError, naming the file, for one that is not valid, lies in another round's folder,
    is not named after its slug, or whose slug is taken.
    """
    found: dict[str, Question] = {}
    for round, adapter in QUESTION_FILES.items():
        for file in sorted((beside("questions") / round).iterdir(), key=lambda file: file.name):
            if not file.name.endswith(".toml"):
                continue
            question: Question = read(file, adapter)
            if file.name != f"{question.slug}.toml" or question.round is not round:
                raise ValueError(f"{round}/{file.name} holds {question.round} {question.slug!r}")
            if question.slug in found:
                raise ValueError(f"{round}/{file.name}: {question.slug!r} is there twice")
            found[question.slug] = question
    return MappingProxyType(found)
