"""Whether a quote was really said: evidence is checked against the transcript, word for word.

What may differ is what copying changes (`wording`), and marks around the quote.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from .errors import EvidenceNotFound
from .rubric import BAR, Score
from .transcript import Speaker, Turn
from .wording import WORD, Heard, fold

SHORTEST_QUOTE: Final = 8
FEWEST_WORDS: Final = 2
"""A quote, and each part of one with an ellipsis, has at least so many characters and words."""

MOST_SUPPORTED: Final = 2
"""Dimensions that one and the same quote can show to be at the bar: there is no single sentence
that shows everything."""

_ELLIPSIS: Final = re.compile(r"\s*(?:\[\s*\.{3}\s*\]|\(\s*\.{3}\s*\)|\.{3,})\s*")
_MARKS: Final = " \"'.,;:!?*_>-"


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A turn, folded; `own` is where the words stand that repeat nothing."""

    speaker: Speaker
    text: str
    own: Sequence[tuple[int, int]]


def verify_quotes(
    scores: Sequence[Score], transcript: Sequence[Turn], told: Iterable[str] = ()
) -> None:
    """Checks that every quote of every score was said, by one speaker in one turn.

    An ellipsis inside a quote may join two parts of the same turn, in their order. A score at the
    bar or above has to be shown by the candidate's own words: the interviewer's praise is none, nor
    is what repeats the interviewer or anything that was `told`, the question and its hints. There
    one quote supports `MOST_SUPPORTED` dimensions at most.

    Raises EvidenceNotFound, naming the dimension and the quote, for the first that fails and for a
    score without any quote.
    """
    if not transcript:
        raise EvidenceNotFound(
            "Nothing was said in this interview, so there is nothing to quote.",
            hint="Record what is said with `interview_step`, or end it with action=abandon.",
        )
    spoken = _spoken(transcript, told)
    telling: dict[str, set[str]] = {}
    for score in scores:
        if not score.evidence:
            raise EvidenceNotFound(f"'{score.dimension}' is scored without a quote.")
        found = {quote: _found(quote, score.dimension, spoken) for quote in score.evidence}
        if score.score < BAR:
            continue
        if Speaker.CANDIDATE not in {one.speaker for hits in found.values() for one, _ in hits}:
            raise EvidenceNotFound(
                f"'{score.dimension}' scores {score.score} on the interviewer's words alone.",
                hint=f"From {BAR} on, quote what the candidate said or wrote.",
            )
        telling[score.dimension] = {
            fold(quote).strip(_MARKS)
            for quote, hits in found.items()
            if any(_is_own(one, spans) for one, spans in hits)
        }
        if not telling[score.dimension]:
            raise EvidenceNotFound(
                f"'{score.dimension}' scores {score.score} on words that only repeat the question, "
                "a hint or the interviewer.",
                hint=f"From {BAR} on, quote what the candidate added; where there is nothing of "
                "the kind, score lower.",
            )
    supported = Counter(quote for quotes in telling.values() for quote in quotes)
    for dimension, quotes in telling.items():
        if all(supported[quote] > MOST_SUPPORTED for quote in quotes):
            times = min(supported[quote] for quote in quotes)
            raise EvidenceNotFound(
                f"'{dimension}' rests on a quote that is given for {times} dimensions.",
                hint=f"From {BAR} on, one quote supports {MOST_SUPPORTED} dimensions at most: "
                "quote for each what shows it.",
            )


def _spoken(transcript: Sequence[Turn], told: Iterable[str]) -> list[_Spoken]:
    heard = Heard(told)
    found = []
    for turn in transcript:
        text = fold(turn.text)
        if turn.speaker is Speaker.INTERVIEWER:
            heard.add(text)
            found.append(_Spoken(turn.speaker, text, ()))
        else:
            found.append(_Spoken(turn.speaker, text, heard.own_words(text)))
    return found


def _found(
    quote: str, dimension: str, spoken: Sequence[_Spoken]
) -> list[tuple[_Spoken, list[tuple[int, int]]]]:
    """Where the quote was said: each turn, with the places of its parts in it.

    Raises EvidenceNotFound when it is too short or nobody said it.
    """
    whole = fold(quote).strip(_MARKS)
    parts = [part for text in _ELLIPSIS.split(whole) if (part := text.strip(_MARKS))]
    joined = len(parts) in (1, 2) and all(_is_telling(part) for part in parts)
    wanted = [[whole]] * _is_telling(whole) + [parts] * joined
    found = [
        (one, spans) for one in spoken for each in wanted for spans in _in_order(each, one.text)
    ]
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


def _in_order(parts: Sequence[str], text: str) -> Iterator[list[tuple[int, int]]]:
    """Every place of the first part in the text that the other one follows, with the latter's."""
    first, *others = parts
    start = text.find(first)
    while start >= 0:
        spans = [(start, start + len(first))]
        for part in others:
            after = text.find(part, spans[-1][1])
            if after < 0:
                return
            spans.append((after, after + len(part)))
        yield spans
        start = text.find(first, start + 1)


def _is_own(one: _Spoken, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether at least half of the words there, and enough to show anything, repeat nothing."""
    own = words = 0
    for start, stop in spans:
        words += len(WORD.findall(one.text[start:stop]))
        first = bisect_right(one.own, start, key=itemgetter(1))
        own += max(bisect_left(one.own, stop, key=itemgetter(0)) - first, 0)
    return own >= max(FEWEST_WORDS, words / 2)


def _is_telling(part: str) -> bool:
    return len(part) >= SHORTEST_QUOTE and len(WORD.findall(part)) >= FEWEST_WORDS
