"""Reading the product's own data files: TOML into frozen dataclasses, with nothing left unread."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")


def beside(name: str) -> Traversable:
    """A file or folder of data beside this module, also inside a zipped package."""
    return files(__package__) / name


def read(file: Traversable, adapter: TypeAdapter[T]) -> T:
    """The value a file holds.

    Raises ValueError, naming the file, for text that is not TOML, for a value that does not fit its
    type or breaks a rule of it, and for a key nobody reads: a misspelt optional key would otherwise
    vanish without a word.
    """
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        value = adapter.validate_python(raw)
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ValueError(f"{file.name}: {error}") from error
    unread = _unread(raw, adapter.dump_python(value, mode="json"))
    if unread:
        raise ValueError(f"{file.name}: nobody reads {', '.join(unread)}")
    return value


def _unread(raw: object, known: object, path: str = "") -> list[str]:
    """The keys of `raw`, at any depth, that `known` does not have."""
    if isinstance(raw, Mapping) and isinstance(known, Mapping):
        return [
            found
            for key, value in raw.items()
            for found in (
                _unread(value, known[key], f"{path}{key}.") if key in known else [f"{path}{key}"]
            )
        ]
    if isinstance(raw, Sequence) and isinstance(known, Sequence) and not isinstance(raw, str):
        return [
            found
            for index, (value, read_value) in enumerate(zip(raw, known, strict=True))
            for found in _unread(value, read_value, f"{path}{index}.")
        ]
    return []
