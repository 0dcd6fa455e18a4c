"""Which of the ranked passages are shown: no repetition, some variety, within a token budget."""

from __future__ import annotations

from collections.abc import Sequence

from .chunking import split
from .errors import BudgetTooSmall
from .memory import Candidate, CitedPassage, Ranked

COMPARED = 50
"""Candidates that are compared with each other; the rest cannot reach a short answer."""

CITATION_TOKENS = 50
"""What address, date, score and fence add to a passage's own text and title."""


def diversify(
    ranked: Sequence[Ranked], k: int, *, relevance: float = 0.85, near_duplicate: float = 0.95
) -> list[Ranked]:
    """The k that together say most: no near-duplicates, then maximal marginal relevance.

    MMR (Carbonell & Goldstein 1998): each next one maximises
    relevance · score - (1 - relevance) · its greatest cosine to those chosen, with scores scaled
    to 0..1. A candidate without an embedding resembles only what reads the same.
    """
    pool = list(ranked[: max(COMPARED, k)])
    likeness = _likeness([r.candidate for r in pool])
    kept: list[int] = []
    for i in range(len(pool)):
        if all(likeness[i][j] <= near_duplicate for j in kept):
            kept.append(i)
    if not kept:
        return []
    totals = [r.parts.total for r in pool]
    least = min(totals)
    spread = (max(totals) - least) or 1.0
    closest = dict.fromkeys(kept, 0.0)
    chosen: list[int] = []
    while closest and len(chosen) < k:
        pick = max(
            closest,
            key=lambda i: (
                relevance * (totals[i] - least) / spread - (1 - relevance) * closest[i],
                -i,
            ),
        )
        chosen.append(pick)
        del closest[pick]
        for i in closest:
            closest[i] = max(closest[i], likeness[i][pick])
    return [pool[i] for i in chosen]


def pack(chosen: Sequence[Ranked], budget: int) -> tuple[tuple[CitedPassage, ...], int]:
    """Passages in the given order as far as `budget` tokens go, and how many did not fit.

    What does not fit is skipped, and a shorter one behind it may still go in. Raises BudgetTooSmall
    when there is something to tell and nothing of it fits.
    """
    packed = []
    left = budget
    for entry in chosen:
        passage = _cited(entry)
        cost = cost_of(passage)
        if cost <= left:
            packed.append(passage)
            left -= cost
    if chosen and not packed:
        least = min(cost_of(_cited(entry)) for entry in chosen)
        raise BudgetTooSmall(f"The shortest passage needs {least} tokens; the budget is {budget}.")
    return tuple(packed), len(chosen) - len(packed)


def cost_of(passage: CitedPassage) -> int:
    """Estimated tokens of a passage with its citation: bytes / 4, rounded up."""
    size = len(f"{passage.title}{passage.text}".encode())
    return CITATION_TOKENS + -(-size // 4)


def _likeness(candidates: Sequence[Candidate]) -> list[list[float]]:
    """Cosines between all candidates; 1 for equal texts, 0 where an embedding is missing."""
    import numpy as np  # 80 ms to import: paid by the first search, not by every import

    size = len(candidates)
    cosines = np.zeros((size, size))
    known = [i for i in range(size) if candidates[i].embedding is not None]
    if known:
        vectors = np.array([candidates[i].embedding for i in known], dtype=np.float32)
        cosines[np.ix_(known, known)] = vectors @ vectors.T
    likeness: list[list[float]] = cosines.tolist()
    texts = [_text(candidate) for candidate in candidates]
    for i, first in enumerate(texts):
        for j, second in enumerate(texts):
            if first == second:
                likeness[i][j] = 1.0
    return likeness


def _text(candidate: Candidate) -> str:
    """What is shown: the passage, or for one that has no text of its own the record's beginning."""
    content = candidate.memory.content
    if candidate.start < candidate.end:
        return content[candidate.start : candidate.end].strip()
    opening = split(content)
    return content[: opening[0].end].strip() if opening else ""


def _cited(entry: Ranked) -> CitedPassage:
    memory = entry.candidate.memory
    return CitedPassage(
        uri=memory.uri,
        kind=memory.kind,
        title=memory.title,
        text=_text(entry.candidate),
        when=memory.occurred_at,
        score=entry.parts.total,
        parts=entry.parts,
    )
