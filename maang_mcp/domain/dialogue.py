"""What the form of a conversation says about where in it an answer stands.

Whoever searches a conversation asks a question, and of all turns those that ask resemble it most,
in their words and in their vectors; the answer stands in what is said, most often right after. And
who was asked about is known: a query that names a speaker wants what that speaker said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_SENTENCE = re.compile(r"[^.!?\u3002\uff01\uff1f\n]+[.!?\u3002\uff01\uff1f]*")
_QUESTION_MARKS = ("?", "\uff1f")
_WORD = re.compile(r"[^\W_]+")

_FIRST_PERSON = frozenset({"i", "me", "mine", "my", "myself"})
_SECOND_PERSON = frozenset({"you", "your", "yours", "yourself"})
_LEARNER = frozenset({"candidate", "human", "learner", "me", "user"})
_OTHERS = frozenset({"ai", "assistant", "coach", "interviewer"})
"""What clients call the two sides of a conversation that has no names."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn as far as it matters here; `score` is what it is worth by itself."""

    conversation: str
    position: int
    speaker: str | None
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a turn gains by its place: `neighbour` from the turns beside it, `conversation` from the
    best of its conversation and from whose words it is."""

    neighbour: float = 0.0
    conversation: float = 0.0


NOWHERE = Surroundings()
"""Those of what stands in no conversation."""


@dataclass(frozen=True, slots=True)
class DialogueWeights:
    """Shares of a score: of both neighbours', of a question's that its reply takes over, of the
    distance to the conversation's best; and what a turn of the speaker that is meant gains."""

    neighbour: float
    reply: float
    conversation: float
    speaker: float


def surroundings(turns: Sequence[Turn], query: str, weights: DialogueWeights) -> list[Surroundings]:
    """What each of the turns gains by its place, in their order."""
    wanted = voices(query)
    scores = {(turn.conversation, turn.position): turn.score for turn in turns}
    handed = {
        (turn.conversation, turn.position): weights.reply * asking(turn.text) * turn.score
        for turn in turns
    }
    best: dict[str, float] = {}
    for turn in turns:
        best[turn.conversation] = max(turn.score, best.get(turn.conversation, turn.score))
    gains = []
    for turn in turns:
        place, before, after = ((turn.conversation, turn.position + step) for step in (0, -1, 1))
        beside = weights.neighbour * (scores.get(before, 0.0) + scores.get(after, 0.0))
        drawn = weights.conversation * (best[turn.conversation] - turn.score)
        meant = weights.speaker * is_meant(turn.speaker, wanted)
        gains.append(Surroundings(beside + handed.get(before, 0.0) - handed[place], drawn + meant))
    return gains


@lru_cache(maxsize=1024)
def asking(text: str) -> float:
    """The share (0 to 1) of a text that stands in sentences with a question mark."""
    if not any(mark in text for mark in _QUESTION_MARKS):
        return 0.0
    asked = said = 0
    for sentence in _SENTENCE.findall(text):
        said += len(sentence)
        if sentence.endswith(_QUESTION_MARKS):
            asked += len(sentence)
    return asked / said if said else 0.0


def voices(query: str) -> frozenset[str]:
    """The words that a speaker's name would have to share to be meant by the query.

    "I" is the learner and "you" the other side, whatever a client calls them; a query that speaks
    of both prefers neither.
    """
    words = frozenset(_words(query))
    mine, yours = not words.isdisjoint(_FIRST_PERSON), not words.isdisjoint(_SECOND_PERSON)
    if mine and not yours:
        words |= _LEARNER
    if yours and not mine:
        words |= _OTHERS
    return words - _FIRST_PERSON - _SECOND_PERSON


def is_meant(speaker: str | None, wanted: frozenset[str]) -> bool:
    """Whether a speaker goes by one of those words (`voices`)."""
    return bool(speaker) and not wanted.isdisjoint(_words(speaker or ""))


@lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))
