"""When to practise a problem again: FSRS, applied to the memory of a solved problem.

The memory model is FSRS-6 with its published default weights, as implemented by the `fsrs`
package; what it is asked about is a *problem*. How well a learner masters a *skill* is another
question, answered by `mastery`.

Two rules are ours. Intervals are never shorter than a day, and within a day of the last review a
success teaches nothing about memory: it leaves stability, difficulty and the anchor of the
forgetting curve as they were, so that solving a problem three times on one afternoon does not
push it out by months. A failure counts whenever it happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import fsrs

from .attempt import Rating
from .errors import InvalidInput

DESIRED_RETENTION = 0.85
"""Probability of still remembering a problem at which it falls due."""
LONGEST_INTERVAL = 180
"""Days after which every problem is seen again, however stable its memory."""
A_DAY = timedelta(days=1)

_SCHEDULER = fsrs.Scheduler(
    desired_retention=DESIRED_RETENTION,
    learning_steps=(),  # the default steps of minutes are for flashcards
    relearning_steps=(),
    maximum_interval=LONGEST_INTERVAL,
    enable_fuzzing=False,  # fuzz draws from the global random
)
_DECAY = -_SCHEDULER.parameters[20]
_FACTOR = 0.9 ** (1.0 / _DECAY) - 1.0


@dataclass(frozen=True, slots=True)
class Review:
    """The memory of one problem and when it is due; `stability` is in days, `difficulty` 1-10.

    `last_review` is the moment the forgetting curve runs from. `lapses` counts the times a
    problem under review was not solved.
    """

    problem: str
    stability: float
    difficulty: float
    due: datetime
    last_review: datetime
    reviews: int
    lapses: int


@dataclass(frozen=True, slots=True)
class ReviewLog:
    """One review as a fact: stability and difficulty are those after it, `retrievability` is the
    one before it (None the first time); `scheduled_days` leads to the due date, `elapsed_days`
    came from the review before."""

    problem: str
    rating: Rating
    at: datetime
    stability: float
    difficulty: float
    scheduled_days: float
    elapsed_days: float
    retrievability: float | None


def retrievability(review: Review, at: datetime) -> float:
    """P(the problem would be recalled at `at`): (1 + F t / S)^-w20, with t in days.

    Unlike the package, which counts whole days, this falls from the first hour on, so that due
    reviews have an order.
    """
    days = max(0.0, (at - review.last_review) / A_DAY)
    return float((1.0 + _FACTOR * days / review.stability) ** _DECAY)


def review(
    previous: Review | None, problem: str, rating: Rating, at: datetime
) -> tuple[Review, ReviewLog]:
    """The memory of `problem` after an attempt rated `rating`, and the log entry of it.

    An interview's date does not enter here: it may change, so whoever reads due dates caps them.
    A clock that ran backwards counts as no time at all. Raises InvalidInput for a time without a
    zone.
    """
    if at.utcoffset() is None:
        raise InvalidInput("The time of a review needs a time zone.")
    at = at.astimezone(UTC)  # the package refuses any other zone, even ZoneInfo("UTC")
    if previous is None:
        return _first(problem, rating, at)
    at = max(at, previous.last_review)
    elapsed = at - previous.last_review
    recalled = retrievability(previous, at)
    if elapsed >= A_DAY:
        memory, anchor = _memory(previous, rating, at), at
        due = at + _interval(memory[0])
    else:
        due = max(previous.due, at + A_DAY)
        memory, anchor = (previous.stability, previous.difficulty), previous.last_review
        if rating is Rating.AGAIN:
            memory, anchor = _memory(previous, rating, at), at
            due = min(due, at + _interval(memory[0]))  # failing never earns the later date
    after = Review(
        problem,
        *memory,
        due,
        anchor,
        previous.reviews + 1,
        previous.lapses + (rating is Rating.AGAIN),
    )
    return after, _log(after, rating, at, elapsed, recalled)


def _first(problem: str, rating: Rating, at: datetime) -> tuple[Review, ReviewLog]:
    # Without an id the package takes one from the clock and sleeps; without a due date, the clock.
    card, _ = _SCHEDULER.review_card(fsrs.Card(card_id=0, due=at), fsrs.Rating(rating), at)
    memory = _numbers(card)
    after = Review(problem, *memory, at + _interval(memory[0]), at, reviews=1, lapses=0)
    return after, _log(after, rating, at, timedelta(), None)


def _memory(previous: Review, rating: Rating, at: datetime) -> tuple[float, float]:
    """Stability and difficulty after a review, by the package."""
    card = fsrs.Card(
        card_id=0,
        state=fsrs.State.Review,
        stability=previous.stability,
        difficulty=previous.difficulty,
        due=previous.due,
        last_review=previous.last_review.astimezone(UTC),
    )
    return _numbers(_SCHEDULER.review_card(card, fsrs.Rating(rating), at)[0])


def _numbers(card: fsrs.Card) -> tuple[float, float]:
    if card.stability is None or card.difficulty is None:
        raise AssertionError("a reviewed card has a stability and a difficulty")
    return float(card.stability), float(card.difficulty)


def _interval(stability: float) -> timedelta:
    """Until the forgetting curve falls to the desired retention: whole days, from 1 to 180."""
    days = stability / _FACTOR * (DESIRED_RETENTION ** (1.0 / _DECAY) - 1.0)
    return timedelta(days=min(max(round(days), 1), LONGEST_INTERVAL))


def _log(
    after: Review, rating: Rating, at: datetime, elapsed: timedelta, recalled: float | None
) -> ReviewLog:
    return ReviewLog(
        after.problem,
        rating,
        at,
        after.stability,
        after.difficulty,
        scheduled_days=(after.due - at) / A_DAY,
        elapsed_days=elapsed / A_DAY,
        retrievability=recalled,
    )
