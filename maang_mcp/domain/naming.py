"""How names are compared: spelling is folded away until only what tells two things apart is left.

slugify       "Two Sum II"               two-sum-ii          what is stored and typed back
words         "3Sum", "House Robber II"  three sum, house robber two
significant   "Kth Smallest in the BST"  kth smallest binary search tree
key           the words written together, so that "twosum" and "two sum" are one
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from .errors import InvalidInput

SLUG_LENGTH: Final = 80
_LONGEST_REMEMBERED: Final = 200

_NUMBERS: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip
NUMBER_WORDS: Final = frozenset(_NUMBERS)

_ROMAN: Final = {"ii": "two", "iii": "three", "iv": "four", "vi": "six", "vii": "seven"}
_SHORT: Final = {"max": "maximum", "min": "minimum", "num": "number", "parenthesis": "parenthese"}
_SPELLINGS: Final = {str(i): word for i, word in enumerate(_NUMBERS)} | _ROMAN | _SHORT
_LAST_WORD: Final = {"i": "one", "v": "five"}
_STOP_WORDS: Final = frozenset(
    {"a", "an", "and", "at", "by", "for", "from", "in", "into", "is", "of", "on", "s", "the"}
    | {"to", "using", "with"}
)
_WORD: Final = re.compile(r"\d+|[^\W\d_]+")
_GLUED_ROMAN: Final = re.compile(r"(?<=[a-z]{3})(i{2,3}|iv)$")
_APOSTROPHES: Final = str.maketrans("", "", "'\u2019`")


def slugify(title: str) -> str:
    """The natural id of a title: lower case, words joined by hyphens, at most 80 characters.

    Two titles that agree in their first 80 characters are the same thing. Raises `InvalidInput`
    for a title without a single letter or digit.
    """
    slug = "-".join(re.findall(r"[^\W_]+", _plain(title)))
    if len(slug) > SLUG_LENGTH:
        slug = slug[: SLUG_LENGTH + 1].rpartition("-")[0] or slug[:SLUG_LENGTH]
    if not slug:
        raise InvalidInput("A name needs at least one letter or digit.")
    return slug


def words(text: str) -> tuple[str, ...]:
    """The words of a name in one spelling: numerals spelt out, plurals and abbreviations folded."""
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _words(text)


def significant(spelt: Iterable[str]) -> tuple[str, ...]:
    """The words that carry meaning; all of them where only stop words are left."""
    spelt = tuple(spelt)
    return tuple(word for word in spelt if word not in _STOP_WORDS) or spelt


def key(spelt: Iterable[str]) -> str:
    """Words as a key of comparison."""
    return "".join(spelt)


def _words(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for word in _WORD.findall(_plain(text)):
        roman = _GLUED_ROMAN.search(word)
        parts = (word[: roman.start()], roman[0]) if roman else (word,)
        for part in parts:
            found.extend(("binary", "search", "tree") if part == "bst" else (_spell(part),))
    if len(found) > 1:
        found[-1] = _LAST_WORD.get(found[-1], found[-1])
    return tuple(found)


_remembered = lru_cache(maxsize=8192)(_words)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).translate(_APOSTROPHES)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.casefold().replace("&", " and ")


def _spell(word: str) -> str:
    if word in _SPELLINGS:
        return _SPELLINGS[word]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        singular = word[:-1]
        return _SPELLINGS.get(singular, singular)
    return word
