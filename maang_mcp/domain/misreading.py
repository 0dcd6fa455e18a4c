"""What a mistyped name was meant to be, word by word.

The one rule: a word the vocabulary knows is not a typing error. "minimum" is never read as
"maximum", however near they are; only words that mean nothing as they stand are corrected.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Final

from rapidfuzz.distance import OSA, Indel

from .naming import NUMBER_WORDS

_LEFT_OUT: Final = 0.25
_DIFFERENT: Final = 99


def tolerance(letters: int) -> int:
    """How many typing errors so many letters may hold."""
    return 0 if letters < 6 else 1 if letters < 12 else 2


def cost(asked: Sequence[str], name: Sequence[str], vocabulary: Container[str]) -> int | None:
    """How far a name is from what was asked, in typing errors and words left out; None: too far.

    The words have to come in the name's order, and only the end of a long name may be missing,
    a numeral never.
    """
    read, left = name[: len(asked)], name[len(asked) :]
    if len(read) < len(asked):
        return None
    errors = 0
    for typed, meant in zip(asked, read, strict=True):
        if typed != meant:
            if typed in vocabulary or typed in NUMBER_WORDS:
                return None
            errors += _misread(typed, meant)
    if errors > tolerance(sum(map(len, asked))) + 1:
        return None
    if left:
        share = sum(map(len, left)) / sum(map(len, name))
        if len(asked) < 3 or share > _LEFT_OUT or not NUMBER_WORDS.isdisjoint(left):
            return None
    return errors + 3 * len(left)


def differ_in_a_short_word(asked: Sequence[str], name: Sequence[str]) -> bool:
    """Whether one of the words, in their order, is another number or, of three letters, another
    word ("lfu", "lru")."""
    return len(asked) == len(name) and any(
        typed != meant
        and (len(meant) <= 3 or meant.isdigit())
        and _misread(typed, meant) == _DIFFERENT
        for typed, meant in zip(asked, name, strict=True)
    )


def perhaps_numeral(word: str) -> bool:
    """Whether an unknown word may be a damaged "ii" or "iv", the one slip that names a sequel."""
    return word.endswith("i") or (len(word) <= 3 and not {"i", "v"}.isdisjoint(word))


def _misread(typed: str, meant: str) -> int:
    """Typing errors between two words; `_DIFFERENT` where they are two words.

    A word of three letters is told from another by any one of them, so there only a dropped,
    doubled or swapped letter counts as a slip, not a replaced one.
    """
    if typed.isdigit() or meant.isdigit():
        return _DIFFERENT
    slips = OSA.distance(typed, meant)
    if len(meant) <= 3:
        moved = sorted(typed) == sorted(meant)
        return 1 if slips == 1 and (moved or Indel.distance(typed, meant) == 1) else _DIFFERENT
    return slips if slips <= (1 if len(meant) < 6 else 2) else _DIFFERENT
