"""What a script is made of: lines that a candidate says, in scenes.

A line is one thing said and the tool call an assistant would make of it. Arguments that only the
server knows (an interview's id, the words of a hint) are taken from its earlier answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Answer = Mapping[str, Any]
Arguments = Mapping[str, Any]
Seen = Mapping[str, Answer]
"""The latest answer of each tool so far."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something said, and the call it becomes. Empty words: the assistant calls on its own."""

    words: str
    tool: str
    arguments: Arguments | Callable[[Seen], Arguments]

    def call(self, seen: Seen) -> dict[str, Any]:
        """The arguments, now that the answers before are known."""
        return dict(self.arguments(seen) if callable(self.arguments) else self.arguments)


@dataclass(frozen=True, slots=True)
class Scene:
    """Lines that belong together; `restarted` ones begin with a new server process."""

    title: str
    lines: tuple[Line, ...]
    restarted: bool = False
