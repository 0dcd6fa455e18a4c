"""Which of the ranked passages are shown: no repetition, some variety, within a token budget.

Opposites are near each other for an embedding model (`lesson`), so nearness alone makes nothing a
repetition: that "DFS, not BFS" was noted must not hide that "BFS, not DFS" was, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from .errors import BudgetTooSmall
from .lesson import same_words
from .memory import Candidate, CitedPassage, Memory, MemoryKind, Ranked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EVENTS = frozenset({MemoryKind.ATTEMPT, MemoryKind.FEEDBACK, MemoryKind.INTERVIEW, MemoryKind.TURN})
"""What happened each time anew: failing again in the same words is what there is to tell."""

COMPARED = 50
"""Candidates that are compared with each other; the rest cannot reach a short answer."""

NARROW = 10
"""Passages that are chosen by relevance; a longer answer is asked for to look further around."""

HEARD = 0.3
"""What a turn loses beyond these, on a scale of 1, when its conversation is among them already."""

OPENING = 900
"""Characters shown of a record that was found by what it is about: as many as a passage has."""

CITATION_TOKENS = 50
"""What address, date, score and fence add to a passage's own text and title."""

LEAST_SHOWN = 110
"""Tokens below which no passage is cut: a citation and two or three sentences."""

CUT = " ..."
"""Ends a passage that was cut; the whole is at its address."""

OPENING_LETTERS = 12
"""Letters by which most of what repeats nothing is told without reading on."""

Gist = tuple[str | None, str, str]


def diversify(
    ranked: Sequence[Ranked], k: int, *, relevance: float = 0.85, near_duplicate: float = 0.95
) -> list[Ranked]:
    """The k that together say most: no repetitions, then maximal marginal relevance.

    MMR (Carbonell & Goldstein 1998): each next one maximises
    relevance · score - (1 - relevance) · its greatest cosine to those chosen, with scores scaled
    to 0..1; so the order is not that of the scores. A candidate without an embedding resembles only
    what reads the same. A repetition is nearer than `near_duplicate` and has the same words, title
    and problem; what happened (`EVENTS`) is none. Beyond the first ten a conversation that nothing
    was chosen from goes before others.
    """
    import numpy as np  # 80 ms to import: paid by the first search, not by every import

    pool = list(ranked[: max(COMPARED, k)])
    if not pool:
        return []
    candidates = [r.candidate for r in pool]
    likeness = _likeness(candidates)
    near = likeness > near_duplicate
    kept = np.zeros(len(pool), bool)
    for i, candidate in enumerate(candidates):
        nearby = np.flatnonzero(near[i] & kept)
        kept[i] = not any(_repeats(candidate, candidates[j]) for j in nearby)
    totals = np.array([r.parts.total for r in pool])
    spread = (totals.max() - totals.min()) or 1.0
    worth = np.where(kept, relevance * (totals - totals.min()) / spread, -np.inf)
    closest = np.zeros(len(pool))
    conversations = [candidate.memory.conversation for candidate in candidates]
    heard: set[str] = set()
    chosen: list[int] = []
    while len(chosen) < min(k, kept.sum()):
        marginal = worth - (1 - relevance) * closest
        if len(chosen) >= NARROW:
            marginal -= HEARD * np.array([name in heard for name in conversations])
        pick = int(marginal.argmax())
        chosen.append(pick)
        heard |= {name for name in conversations[pick : pick + 1] if name is not None}
        worth[pick] = -np.inf
        closest = np.maximum(closest, likeness[pick])
    return [pool[i] for i in chosen]


def repetitions(shown: Sequence[CitedPassage], candidates: Sequence[Candidate]) -> int:
    """How many records that are not shown say what one of those shown says."""
    ids = {UUID(passage.uri.rpartition("/")[2]) for passage in shown}
    told: dict[Gist | None, list[Candidate]] = {}
    others = []
    for candidate in candidates:
        if candidate.memory.id in ids:
            told.setdefault(_gist(candidate, OPENING_LETTERS), []).append(candidate)
        else:
            others.append(candidate)
    return len(
        {
            other.memory.id
            for other in others
            if (alike := told.get(_gist(other, OPENING_LETTERS))) is not None
            and any(_repeats(other, one) for one in alike)
        }
    )


def pack(chosen: Sequence[Ranked], budget: int) -> tuple[tuple[CitedPassage, ...], int]:
    """Passages in the given order as far as `budget` tokens go, and how many did not fit.

    Where not all of them fit, the longest are cut to one common length, which shows the reader more
    than whole passages and others lost; but not below `LEAST_SHOWN`. What does not fit even then is
    skipped, and a shorter one behind it may still go in. Raises BudgetTooSmall when there is
    something to tell and nothing of it fits.
    """
    whole = [_cited(entry) for entry in chosen]
    share = max(_fair_share([cost_of(passage) for passage in whole], budget), LEAST_SHOWN)
    offered = [_shortened(passage, share) for passage in whole]
    packed = []
    left = budget
    for passage in offered:
        cost = cost_of(passage)
        if cost <= left:
            packed.append(passage)
            left -= cost
    if chosen and not packed:
        least = min(map(cost_of, offered))
        raise BudgetTooSmall(f"The shortest passage needs {least} tokens; the budget is {budget}.")
    return tuple(packed), len(chosen) - len(packed)


def cost_of(passage: CitedPassage) -> int:
    """Estimated tokens of a passage with its citation: bytes / 4, rounded up."""
    size = len(f"{passage.title}{passage.text}".encode())
    return CITATION_TOKENS + -(-size // 4)


def _fair_share(costs: Sequence[int], budget: int) -> int:
    """The most that each may cost for all to fit, when those that need less take less."""
    left = budget
    for place, cost in enumerate(sorted(costs)):
        share = left // (len(costs) - place)
        if cost > share:
            return share
        left -= cost
    return max(costs, default=0)


def _shortened(passage: CitedPassage, tokens: int) -> CitedPassage:
    """The beginning of a passage that costs more than so many tokens."""
    if cost_of(passage) <= tokens:
        return passage
    size = 4 * (tokens - CITATION_TOKENS) - len(f"{passage.title}{CUT}".encode())
    text = passage.text.encode()[: max(size, 0)].decode(errors="ignore")
    return replace(passage, text=f"{text.rpartition(' ')[0] or text}{CUT}")


def _likeness(candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """Cosines between all candidates; 1 for equal texts, 0 where an embedding is missing."""
    import numpy as np

    size = len(candidates)
    likeness = np.zeros((size, size))
    known = [i for i in range(size) if candidates[i].embedding is not None]
    if known:
        vectors = np.array([candidates[i].embedding for i in known], dtype=np.float32)
        likeness[np.ix_(known, known)] = vectors @ vectors.T
    same: dict[str, list[int]] = {}
    for i, candidate in enumerate(candidates):
        same.setdefault(_words(candidate), []).append(i)
    np.fill_diagonal(likeness, 1.0)
    for alike in same.values():
        if len(alike) > 1:
            likeness[np.ix_(alike, alike)] = 1.0
    return likeness


def _repeats(one: Candidate, other: Candidate) -> bool:
    """Whether one says what the other says, of the same thing."""
    gist = _gist(one)
    if gist is None or gist != _gist(other):
        return False
    first, second = _words(one), _words(other)
    return first == second or same_words(first, second)


def _gist(candidate: Candidate, letters: int | None = None) -> Gist | None:
    """Problem, title and letters, all or the first of them: what differs in these repeats nothing,
    nor do events (None)."""
    memory = candidate.memory
    if memory.kind in EVENTS:
        return None
    return (
        memory.problem,
        _own_title(memory),
        "".join(islice(filter(str.isalnum, _words(candidate).lower()), letters)),
    )


def _own_title(memory: Memory) -> str:
    """The title, unless it only repeats how the text begins."""
    return "" if memory.content.startswith(memory.title.removesuffix("...")) else memory.title


def _words(candidate: Candidate) -> str:
    """What a candidate says: its passage, or all there is of its record."""
    content = candidate.memory.content
    return content[candidate.start : candidate.end].strip() or content


def _text(candidate: Candidate) -> str:
    """What is shown: the passage, or for one that has no text of its own the record's beginning."""
    content = candidate.memory.content
    if candidate.start < candidate.end:
        return content[candidate.start : candidate.end].strip()
    if len(content) <= OPENING:
        return content.strip()
    return (content[:OPENING].rpartition(" ")[0] or content[:OPENING]).strip()


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
