"""What a question demands word for word: quoted phrases, OR, minus.

    "off by one" heaps      the phrase must occur; heaps only ranks
    heap OR stack           one of the two must occur
    "two pointers" -sorted  the phrase must occur, and nothing that begins like sorted

Words are compared without case and punctuation. Those in quotes must stand in this order, the
others may go on ("heap" is also found in "heaps"). A question without quotes, a capital OR between
words or a minus before one demands nothing; neither does a long text, in which quotes and dashes
are its author's and no operators.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import Stemmer  # type: ignore[import-not-found] # a C extension without type information

LONGEST_SEARCH: Final = 120
"""Characters up to which a question may hold operators."""

_QUOTES: Final = '"\u201c\u201d\u201e\u00ab\u00bb'
_TOKEN: Final = re.compile(
    rf"(?P<minus>(?<!\S)-(?=[{_QUOTES}]|[^\W\d_]))?"
    rf"(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]|(?P<word>[^\s{_QUOTES}]+))"
)
_QUOTED: Final = re.compile(rf"[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]")
_SPELLINGS: Final = (
    (re.compile(r"([a-z])\+\+"), r"\1plusplus"),
    (re.compile(r"\b([cf])#"), r"\1sharp"),
    (re.compile(r"([\u3040-\u30ff\u3400-\u9fff])"), r" \1 "),
)
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side; where `open_ended`, one word that may go on."""

    words: tuple[str, ...]
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """Of each group in `every` one phrase must occur, and none of `never`."""

    every: tuple[tuple[Phrase, ...], ...]
    never: tuple[Phrase, ...] = ()

    @property
    def excluding(self) -> Demand | None:
        """What is left of the demand where nothing has to occur; None where that is nothing."""
        return Demand((), self.never) if self.never else None


def read_demand(query: str) -> tuple[Demand | None, str]:
    """What the query demands word for word, None for nothing, and the query without operators."""
    if len(query) > LONGEST_SEARCH:
        return None, query
    groups: list[list[Phrase]] = []
    demanded: list[bool] = []
    never: list[Phrase] = []
    spoken: list[str] = []
    joining = False
    for token in _TOKEN.finditer(query):
        text = token["word"] if token["phrase"] is None else token["phrase"]
        if text == "OR" and not token["minus"]:
            joining = bool(groups)
            continue
        phrase = _quoted(text) if token["phrase"] is not None else _bare(text)
        if token["minus"]:
            never += [phrase] if phrase.words else []
            continue
        spoken.append(text)
        if not phrase.words:
            continue
        if joining:
            groups[-1].append(phrase)
            demanded[-1] = True
        else:
            groups.append([phrase])
            demanded.append(token["phrase"] is not None)
        joining = False
    every = tuple(tuple(group) for group, must in zip(groups, demanded, strict=True) if must)
    if not every and not never:
        return None, query
    return Demand(every, tuple(never)), " ".join(spoken)


def without_quotes(query: str) -> str:
    """The query with a space for everything in quotes."""
    return _QUOTED.sub(" ", query)


def exact_words(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: lower case, C++ and C# kept apart from C, each
    ideograph a word. The store splits what it compares them with in the same way."""
    text = text.lower()
    for spelling, word in _SPELLINGS:
        text = spelling.sub(word, text)
    return tuple(_WORD.findall(text))


def _quoted(text: str) -> Phrase:
    return Phrase(exact_words(text))


def _bare(text: str) -> Phrase:
    """An unquoted word goes on wherever its stem does: queries and query are both found by quer.
    One of several parts ("two-sum") is a phrase."""
    words = exact_words(text)
    if len(words) != 1:
        return Phrase(words)
    (word,) = words
    stem = Stemmer.Stemmer("english").stemWord(word).removesuffix("i")
    pairs = zip(word, stem, strict=False)
    shared = next((at for at, (one, other) in enumerate(pairs) if one != other), len(stem))
    return Phrase((word[:shared] or word,), open_ended=True)
