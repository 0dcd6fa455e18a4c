"""Words as they are compared, and which of them repeat what was heard before.

What may differ between a text and its copy is what copying changes: case, white space, typographic
quotes and dashes, accents and their encoding. Each character is folded by itself, so any piece of a
text is found in that text.

Words repeat something where at least `RUN` of them stand there in the same order. Single words and
phrases of the trade recur in any answer; six in a row are read back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

RUN: Final = 6
"""Words in a row that are taken for a repetition."""

WORD: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u1100-\u11ff]|[^\W_]+")
"""Words; scripts that leave no space between them count by the character."""

_INVISIBLE: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_FOLDED: Final = _INVISIBLE | str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)


def fold(text: str) -> str:
    """Text with everything removed that may differ between what was said and its quote."""
    plain = text.translate(_FOLDED)
    if not plain.isascii():
        spelt = unicodedata.normalize("NFKD", plain).translate(_FOLDED)
        plain = "".join(char for char in spelt if not unicodedata.combining(char))
    return " ".join(plain.casefold().split())


class Heard:
    """Everything somebody was told so far."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._runs: set[tuple[str, ...]] = set()
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """This was told, too."""
        self._runs.update(_runs([fold(word[0]) for word in WORD.finditer(_composed(text))]))

    def own(self, text: str) -> str:
        """The text without what it repeats."""
        text = _composed(text)
        words = list(WORD.finditer(text))
        kept, end = [], 0
        for repeats, stretch in groupby(
            zip(self._repeats(words), words, strict=True), itemgetter(0)
        ):
            if repeats:
                first, *_, last = [word for _, word in stretch]
                kept.append(text[end : first.start()])
                kept.append("\n" if "\n" in text[first.start() : last.end()] else " ")
                end = last.end()
        return "".join([*kept, text[end:]])

    def own_words(self, folded: str) -> list[tuple[int, int]]:
        """Where in a folded text the words stand that repeat nothing, in their order."""
        words = list(WORD.finditer(folded))
        return [
            word.span()
            for repeats, word in zip(self._repeats(words), words, strict=True)
            if not repeats
        ]

    def _repeats(self, words: Sequence[re.Match[str]]) -> list[bool]:
        """Of each word whether it stands in a run that was heard."""
        found = [False] * len(words)
        for place, run in enumerate(_runs([fold(word[0]) for word in words])):
            if run in self._runs:
                found[place : place + RUN] = [True] * RUN
        return found


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1))


def _composed(text: str) -> str:
    """Text whose words are not cut in two by an accent or by what nobody sees."""
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE))
