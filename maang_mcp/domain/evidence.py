"""Whether a quote was really said: evidence is checked against the transcript, word for word.

What may differ is what copying changes: case, white space, typographic quotes and dashes, accents
and their encoding, marks around the quote. Each character is folded by itself, so any piece of a
turn is found in that turn.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from .errors import EvidenceNotFound
from .rubric import BAR, Score
from .transcript import Speaker, Turn

SHORTEST_QUOTE: Final = 8
FEWEST_WORDS: Final = 2
"""A quote, and each part of one with an ellipsis, has at least so many characters and words."""

_FOLDED: Final = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"),
    }
)
_ELLIPSIS: Final = re.compile(r"\s*(?:\[\s*\.{3}\s*\]|\(\s*\.{3}\s*\)|\.{3,})\s*")
_MARKS: Final = " \"'.,;:!?*_>-"
_WORD: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u1100-\u11ff]|[^\W_]+")
"""Words; scripts that leave no space between them count by the character."""


def verify_quotes(scores: Iterable[Score], transcript: Sequence[Turn]) -> None:
    """Checks that every quote of every score was said, by one speaker in one turn.

    An ellipsis inside a quote may join two parts of the same turn, in their order. A score at the
    bar or above has to be shown by the candidate's words: the interviewer's praise is none.

    Raises EvidenceNotFound, naming the dimension and the quote, for the first that fails and for a
    score without any quote.
    """
    folded = [(turn.speaker, _fold(turn.text)) for turn in transcript]
    for score in scores:
        if not score.evidence:
            raise EvidenceNotFound(f"'{score.dimension}' is scored without a quote.")
        speakers: set[Speaker] = set()
        for quote in score.evidence:
            speakers |= _speakers(quote, score.dimension, folded)
        if score.score >= BAR and Speaker.CANDIDATE not in speakers:
            raise EvidenceNotFound(
                f"'{score.dimension}' scores {score.score} on the interviewer's words alone.",
                hint=f"From {BAR} on, quote what the candidate said or wrote.",
            )


def _speakers(quote: str, dimension: str, folded: list[tuple[Speaker, str]]) -> set[Speaker]:
    """Who said the quote; raises EvidenceNotFound when it is too short or nobody did."""
    whole = _fold(quote).strip(_MARKS)
    parts = [part for text in _ELLIPSIS.split(whole) if (part := text.strip(_MARKS))]
    joined = len(parts) in (1, 2) and all(_is_telling(part) for part in parts)
    found = {
        speaker
        for speaker, text in folded
        if (_is_telling(whole) and whole in text) or (joined and _in_order(parts, text))
    }
    if found:
        return found
    shown = quote if len(quote) <= 120 else f"{quote[:117]}..."
    if not parts or not all(_is_telling(part) for part in parts):
        raise EvidenceNotFound(
            f"The quote \"{shown}\" for '{dimension}' is too short to show anything.",
            hint=f"Quote at least {FEWEST_WORDS} words, also on both sides of an ellipsis.",
        )
    raise EvidenceNotFound(
        f"Nobody said \"{shown}\", which is quoted for '{dimension}'.",
        hint="Quote one turn exactly as it was recorded with `interview_step`, without the "
        "speaker's name; one ellipsis may leave words out.",
    )


def _in_order(parts: list[str], text: str) -> bool:
    end = 0
    for part in parts:
        start = text.find(part, end)
        if start < 0:
            return False
        end = start + len(part)
    return True


def _is_telling(part: str) -> bool:
    return len(part) >= SHORTEST_QUOTE and len(_WORD.findall(part)) >= FEWEST_WORDS


def _fold(text: str) -> str:
    """Text with everything removed that may differ between what was said and its quote."""
    plain = text.translate(_FOLDED)
    if not plain.isascii():
        spelt = unicodedata.normalize("NFKD", plain).translate(_FOLDED)
        plain = "".join(char for char in spelt if not unicodedata.combining(char))
    return " ".join(plain.casefold().split())
