"""What each coding problem asks, in a sentence of our own: how a record about it is found."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import TypeAdapter

from .files import beside, read


@cache
def summaries() -> Mapping[str, str]:
    """The sentences by slug; read once. A problem nobody described has none."""
    return read(beside("summaries.toml"), TypeAdapter(dict[str, str]))
