"""FSRS as the product uses it: golden sequences, and what must hold for every history."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.attempt import Rating
from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.scheduling import Review, ReviewLog, retrievability, review

from .learners import START, after

AGAIN, HARD, GOOD, EASY = Rating

steps = st.tuples(st.sampled_from(Rating), st.floats(0, 400) | st.just(10_000.0))


def practise(history: list[tuple[Rating, float]]) -> tuple[Review | None, datetime]:
    """A card after ratings that came so many days apart."""
    card, at = None, START
    for rating, gap in history:
        at += timedelta(days=gap)
        card, _ = review(card, "two-sum", rating, at)
    return card, at


def intervals(*ratings: Rating) -> list[int]:
    """Days to the next date when every review happens on its date."""
    card, at, days = None, START, []
    for rating in ratings:
        card, log = review(card, "two-sum", rating, at)
        at = card.due
        days.append(round(log.scheduled_days))
    return days


def test_first_intervals_grow_with_the_rating() -> None:
    assert [intervals(rating)[0] for rating in Rating] == [1, 2, 4, 16]


@pytest.mark.parametrize(
    ("ratings", "days"),
    [
        ((GOOD, GOOD, GOOD, GOOD), [4, 31, 173, 180]),
        ((AGAIN, GOOD, GOOD, GOOD), [1, 4, 17, 61]),
        ((GOOD, GOOD, AGAIN, GOOD, GOOD), [4, 31, 4, 14, 44]),
        ((HARD, HARD, HARD), [2, 9, 23]),
        ((EASY, EASY), [16, 180]),
        ((AGAIN, AGAIN, AGAIN), [1, 1, 1]),
    ],
)
def test_golden_sequences_of_intervals(ratings: tuple[Rating, ...], days: list[int]) -> None:
    assert intervals(*ratings) == days


@given(st.lists(st.tuples(st.sampled_from(Rating), st.integers(1, 300)), min_size=1, max_size=12))
def test_reviews_a_day_or_more_apart_are_the_packages_own(
    history: list[tuple[Rating, int]],
) -> None:
    scheduler = fsrs.Scheduler(
        desired_retention=0.85,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=180,
        enable_fuzzing=False,
    )
    theirs, ours, at = fsrs.Card(card_id=1, due=START), None, START
    for rating, gap in history:
        at += timedelta(days=gap)
        theirs, _ = scheduler.review_card(theirs, fsrs.Rating(rating), at)
        ours, _ = review(ours, "two-sum", rating, at)
    assert ours is not None
    assert (ours.stability, ours.difficulty) == (theirs.stability, theirs.difficulty)
    assert (ours.due, ours.last_review) == (theirs.due, theirs.last_review)


@given(st.lists(steps, max_size=8), st.floats(0, 400))
def test_a_better_rating_never_shortens(history: list[tuple[Rating, float]], gap: float) -> None:
    card, at = practise(history)
    at += timedelta(days=gap)
    dues = [review(card, "two-sum", rating, at)[0].due for rating in Rating]
    assert dues == sorted(dues)


@given(st.lists(steps, max_size=10))
def test_replaying_the_log_gives_the_same_card(history: list[tuple[Rating, float]]) -> None:
    assert practise(history) == practise(history)


@given(st.lists(steps, min_size=1, max_size=10))
def test_every_card_stays_in_bounds(history: list[tuple[Rating, float]]) -> None:
    card, at = practise(history)
    assert card is not None
    assert 0 < card.stability < math.inf
    assert 1 <= card.difficulty <= 10
    assert at < card.due <= at + timedelta(days=180)
    assert card.reviews == len(history)
    assert card.lapses == sum(rating is AGAIN for rating, _ in history[1:])
    for moment in (at, at + timedelta(days=10_000), at - timedelta(days=10_000)):
        assert 0 < retrievability(card, moment) <= 1


@given(st.lists(steps, min_size=1, max_size=6), st.lists(st.floats(0, 0.3), min_size=1, max_size=3))
def test_further_successes_on_the_same_day_teach_nothing_about_memory(
    history: list[tuple[Rating, float]], gaps: list[float]
) -> None:
    card, at = practise(history)
    assert card is not None
    again = card
    for gap in gaps:
        at = max(at, card.last_review)
        at = min(at + timedelta(days=gap), card.last_review + timedelta(hours=23))
        again, _ = review(again, "two-sum", EASY, at)
    assert (again.stability, again.difficulty) == (card.stability, card.difficulty)
    assert again.last_review == card.last_review
    assert again.due <= max(card.due, at + timedelta(days=1))


def test_a_failure_counts_even_an_hour_after_a_success() -> None:
    card, _ = review(None, "two-sum", EASY, START)
    failed, log = review(card, "two-sum", AGAIN, START + timedelta(hours=1))
    assert failed.stability < card.stability
    assert failed.due < card.due
    assert failed.lapses == 1
    assert failed.last_review == log.at == START + timedelta(hours=1)


def test_nothing_is_due_again_within_a_day() -> None:
    card, _ = review(None, "two-sum", AGAIN, START)
    assert card.due == after(1)
    card, _ = review(card, "two-sum", GOOD, after(0.5))
    assert card.due == after(1.5)


def test_retrievability_falls_from_the_first_hour_on_and_meets_the_target_when_due() -> None:
    card, _ = review(None, "two-sum", GOOD, START)
    assert retrievability(card, START) == 1
    assert retrievability(card, after(1 / 24)) < 1
    assert retrievability(card, after(-3)) == 1
    assert retrievability(card, card.due) == pytest.approx(0.85, abs=0.01)
    assert retrievability(card, after(365)) < 0.5


def test_a_log_entry_tells_the_whole_review() -> None:
    card, first = review(None, "two-sum", GOOD, START)
    assert first == ReviewLog(
        "two-sum", GOOD, START, card.stability, card.difficulty, 4.0, 0.0, None
    )
    at = after(6)
    later, second = review(card, "two-sum", HARD, at)
    assert second.elapsed_days == 6
    assert second.retrievability == retrievability(card, at)
    assert second.stability == later.stability > card.stability


def test_a_clock_that_runs_backwards_counts_as_no_time() -> None:
    card, _ = review(None, "two-sum", GOOD, after(10))
    earlier, log = review(card, "two-sum", GOOD, after(3))
    assert earlier.last_review == after(10)
    assert (log.at, log.elapsed_days) == (after(10), 0)


@pytest.mark.parametrize("zone", [ZoneInfo("UTC"), timezone(timedelta(hours=5, minutes=30))])
def test_any_time_zone_will_do(zone: ZoneInfo | timezone) -> None:
    card, _ = review(None, "two-sum", GOOD, START)
    local = review(card, "two-sum", GOOD, after(4).astimezone(zone))
    assert local == review(card, "two-sum", GOOD, after(4))
    assert local[0].last_review.tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput):
        review(None, "two-sum", GOOD, START.replace(tzinfo=None))
