"""When a lesson says what another one says, and how often it was learned.

Opposites are near each other for an embedding model: "mark nodes when they are pushed, not when
popped" and its reverse have a cosine of 0.997. One word turns a lesson round ("stop", "rarely",
"skip"), and no list of such words is ever complete. So the list is of the words that may differ:
besides a high cosine, two lessons that are one have the same stems, digits and operators in the
same order once fillers are left out. A lesson that is kept twice costs little; one that is
swallowed by its opposite costs a lesson.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from .lexical import terms

LEAST_COSINE: Final = 0.85

# A word, or a mark that is more than punctuation: operators, brackets, the colon of a slice, a
# hyphen that does not join two words.
_TOKEN: Final = re.compile(
    r"[^\W_]+(?:['\u2019][^\W_]+)*"
    r"|!(?=[=\w(])|:(?=[^\s/])|(?<![^\W\d_])-|-(?![^\W\d_])"
    r"|[^\w\s.,;:!?'\"`\u2018\u2019\u201c\u201d\u2026\u2013\u2014-]"
)
_FILLER: Final = re.compile(
    r"(?<!\S)(?:(?i:(?:I|you)\s+(?:keep|start)(?=\s+\w+ing\b)|I['\u2019]m|an?|the|you|your|my|me|we"
    r"|our|it|its|they|them|is|are|am|be|was|were|as|of|for|about)|I)(?=[\s.,;!?]|$)"
)
_EMPHASIS: Final = re.compile(
    r"(?<!\S)(?i:always|really|very|must|should|please|remember\s+to)(?=[\s.,;!?]|$)"
)
_NEGATION: Final = re.compile(
    r"\b(?i:no|not|none|nothing|nobody|never|without|hardly|rarely|seldom|cannot"
    r"|\w{1,20}n['\u2019]?t)\b"
)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time a lesson was learned; `wording` is None where it was told word for word the same.

    `problem` is a slug; `attempt_id` the attempt it was learned from, as far as that is known.
    """

    id: UUID
    at: datetime
    problem: str | None = None
    attempt_id: UUID | None = None
    wording: str | None = None


def same_words(one: str, other: str) -> bool:
    """Whether two lessons differ in case and punctuation at most, and in no operator or bracket."""
    words = _tokens(one)
    return any(word[0].isalnum() for word in words) and words == _tokens(other)


def says_the_same(one: str, other: str, cosine: float) -> bool:
    """Whether two lessons of that cosine are one, told twice."""
    if cosine < LEAST_COSINE:
        return False
    said = _said(one)
    return bool(said) and said == _said(other)


def _tokens(text: str) -> list[str]:
    return [token.replace("\u2019", "'") for token in _TOKEN.findall(text.lower())]


def _said(text: str) -> list[str]:
    """The stems and marks of a lesson without its fillers. "Not always" is less than "not": where
    anything is negated, emphasis counts."""
    if not _NEGATION.search(text):
        text = _EMPHASIS.sub(" ", text)
    tokens = _tokens(_FILLER.sub(" ", text))
    stems = {token: terms(token) or [token] for token in set(tokens)}
    return [stem for token in tokens for stem in stems[token]]
