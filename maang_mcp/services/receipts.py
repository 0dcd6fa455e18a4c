"""Digests of what was asked, by which a retry is told from another request under the same id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from hashlib import blake2b
from typing import Any, TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from maang_mcp.domain.errors import Conflict

Answer = TypeVar("Answer")


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def adapter(kind: type[Answer]) -> TypeAdapter[Answer]:
    """How answers of a kind are written and read; making one costs milliseconds, so once."""
    known = _ADAPTERS.get(kind)
    if known is None:
        known = _ADAPTERS[kind] = TypeAdapter(kind)
    return known


def digest(request: object) -> str:
    """The same for equal requests, in every process and release."""
    value = asdict(request) if is_dataclass(request) and not isinstance(request, type) else request
    # ASCII escapes keep even a lone surrogate, which no UTF-8 encoder takes
    return blake2b(json.dumps(value, default=str).encode(), digest_size=16).hexdigest()


def stored(answer: object) -> dict[str, Any]:
    """An answer as it is kept for a retry."""
    dumped = adapter(type(answer)).dump_python(answer, mode="json")
    assert isinstance(dumped, dict)
    return dumped


def answered_before(
    known: tuple[str, Mapping[str, Any]], request: str, kind: type[Answer], id: UUID
) -> Answer:
    """The answer given to the same request before, marked as repeated.

    Raises Conflict when the id was used for a different request.
    """
    before, answer = known
    if before != request:
        raise Conflict(
            f"The id {id} is on record with a different report.",
            hint="Use a new id, or none: the server makes one.",
        )
    return adapter(kind).validate_python({**answer, "repeated": True})
