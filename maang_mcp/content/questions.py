"""The question bank: interview questions of our own, one file each under questions/."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from pydantic import TypeAdapter

from maang_mcp.domain.question import Question

from .files import beside, read

QUESTION_FILES: Final = TypeAdapter(Question)
"""What a file of questions/ holds."""


@cache
def questions() -> Mapping[str, Question]:
    """The whole bank by slug; read once.

    Raises ValueError, naming the file, for one that is not valid or not named after its slug.
    """
    found = {}
    for file in sorted(beside("questions").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            question = read(file, QUESTION_FILES)
            if file.name != f"{question.slug}.toml":
                raise ValueError(f"{file.name} holds the question {question.slug!r}")
            found[question.slug] = question
    return MappingProxyType(found)
