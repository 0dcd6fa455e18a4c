"""Long stored text in parts, each of which fits an answer."""

from __future__ import annotations

import json

PART_BYTES = 30_000
"""Of one part as an answer writes it; with what stands beside it, under 10,000 tokens."""


def parts(text: str, size: int = PART_BYTES) -> list[str]:
    """The text in pieces of about the same length, cut at line ends or blanks where there are any.

    Joined they are the text. `size` bounds the bytes of each as fenced JSON, where a character
    takes up to six.
    """
    count = -(-_written(text) // size)
    if count <= 1:
        return [text]
    cut = _cut(text, len(text) // count)
    return [*parts(text[:cut], size), *parts(text[cut:], size)]


def _cut(text: str, at: int) -> int:
    for gap in ("\n", " "):
        if found := text.rfind(gap, at * 3 // 4, at) + 1:
            return found
    return at


def _written(text: str) -> int:
    # A fence may turn each "<" into a bracket of three bytes.
    return len(json.dumps(text, ensure_ascii=False).encode()) - 2 + 2 * text.count("<")
