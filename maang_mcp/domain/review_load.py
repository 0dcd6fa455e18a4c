"""The reviews a plan brings about, simulated forward with FSRS.

Every review in the plan is assumed to end as it is expected to: solved when that is more likely
than not, else solved late or with hints. So the load is one anybody can follow, not a sample of
many; plans are made anew each week from what really happened.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from .attempt import Rating
from .mastery import expected_on_repeat
from .problem import Problem
from .scheduling import Review, retrievability, review

REVIEW_TIME = 0.5
"""Part of the time limit that a review takes: what is remembered is quicker (judgement)."""
LIKELY_SOLVED = 0.5
"""P(solve) from which an attempt is assumed to be solved."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def expected_rating(expected: float) -> Rating:
    """The rating an attempt is assumed to earn: good when solving it is likely, else hard."""
    return Rating.GOOD if expected >= LIKELY_SOLVED else Rating.HARD


def review_minutes(problem: Problem) -> int:
    """Minutes set aside for a review."""
    return -int(-problem.minutes * REVIEW_TIME // 1)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


_Queue = tuple[int, float]
"""The minutes and the stability (days) of cards that wait in the order of their last reviews."""


def _forgotten(queue: _Queue, last: float, at: float) -> float:
    """The less, the less is recalled: retrievability falls with time / stability."""
    return min(0.0, last - at) / queue[1]


def _microseconds(at: datetime) -> float:
    """Since the epoch: a whole number that a float holds exactly."""
    return (at - _EPOCH) / _MICROSECOND


@dataclass(frozen=True, slots=True)
class DueReview:
    """A review that is held: `expected` is P(solving the problem again), memory included."""

    problem: Problem
    minutes: int
    expected: float


@dataclass(frozen=True, slots=True)
class _Practised:
    """A card after practice at a moment, good for every card that was alike but for its dates."""

    card: Review
    at: datetime


class ReviewLoad:
    """The review cards as the plan goes on; `expected` is P(solve) of a problem never seen."""

    def __init__(
        self,
        cards: Iterable[Review],
        problems: Mapping[str, Problem],
        expected: Mapping[str, float],
    ) -> None:
        self._problems = problems
        self._expected = dict(expected)
        self._cards: dict[str, Review] = {}
        self._ahead: list[tuple[date, str]] = []
        self._waiting: dict[_Queue, list[tuple[float, str]]] = {}  # heaps of last review and slug
        self._known: dict[object, _Practised] = {}
        for card in cards:
            if card.problem in problems:
                self._schedule(card)

    def copy(self) -> ReviewLoad:
        """The same cards, to go on with apart from these; what FSRS was asked is known to both."""
        other = copy(self)
        other._expected = self._expected.copy()
        other._cards = self._cards.copy()
        other._ahead = self._ahead.copy()
        other._waiting = {queue: cards.copy() for queue, cards in self._waiting.items()}
        return other

    def review(self, day: date, minutes: int) -> list[DueReview]:
        """Holds the reviews due by the end of a day that go into so many minutes.

        The most forgotten come first; one that is too long for what is left is passed over.
        """
        self._wait_until(day)
        noon = _noon(day)
        at = _microseconds(noon)
        first: dict[int, list[tuple[float, str, _Queue]]] = {}
        for queue, cards in self._waiting.items():
            if queue[0] <= minutes:
                forgotten = _forgotten(queue, cards[0][0], at)
                first.setdefault(queue[0], []).append((forgotten, cards[0][1], queue))
        for heads in first.values():
            heapq.heapify(heads)
        held = []
        while first:
            takes = min(first, key=lambda takes: first[takes][0])
            if takes > minutes:
                del first[takes]
                continue
            _, slug, queue = heapq.heappop(first[takes])
            cards = self._waiting[queue]
            heapq.heappop(cards)
            if cards:
                forgotten = _forgotten(queue, cards[0][0], at)
                heapq.heappush(first[takes], (forgotten, cards[0][1], queue))
            else:
                del self._waiting[queue]
                if not first[takes]:
                    del first[takes]
            minutes -= takes
            recalled = retrievability(self._cards[slug], noon)
            expected = expected_on_repeat(self._expected[slug], recalled)
            held.append(DueReview(self._problems[slug], takes, expected))
            self.practise(self._problems[slug], expected, day)
        return held

    def waiting(self, day: date) -> int:
        """How many reviews are due by the end of a day."""
        self._wait_until(day)
        return sum(len(cards) for cards in self._waiting.values())

    def practise(self, problem: Problem, expected: float, day: date) -> None:
        """A first attempt on a day, or a review that waits no longer, with its expected outcome;
        schedules the next review."""
        self._expected.setdefault(problem.slug, expected)
        self._schedule(self._practised(problem.slug, expected_rating(expected), _noon(day)))

    def _practised(self, slug: str, rating: Rating, at: datetime) -> Review:
        """The card after an attempt.

        FSRS counts the time between reviews and knows neither problems nor dates, so it is asked
        once about all cards that differ in nothing else.
        """
        before = self._cards.get(slug)
        alike: object = rating
        if before is not None:
            ahead, since = before.due - at, at - before.last_review
            memory = (before.stability, before.difficulty, before.reviews, before.lapses)
            alike = (rating, ahead, since, memory)
        known = self._known.get(alike)
        if known is None:
            known = self._known[alike] = _Practised(review(before, slug, rating, at)[0], at)
        later, card = at - known.at, known.card
        return Review(
            slug,
            card.stability,
            card.difficulty,
            card.due + later,
            card.last_review + later,
            card.reviews,
            card.lapses,
        )

    def _schedule(self, card: Review) -> None:
        self._cards[card.problem] = card
        heapq.heappush(self._ahead, (card.due.astimezone(UTC).date(), card.problem))

    def _wait_until(self, day: date) -> None:
        while self._ahead and self._ahead[0][0] <= day:
            slug = heapq.heappop(self._ahead)[1]
            card = self._cards[slug]
            queue = review_minutes(self._problems[slug]), card.stability
            waiting = self._waiting.setdefault(queue, [])
            heapq.heappush(waiting, (_microseconds(card.last_review), slug))
