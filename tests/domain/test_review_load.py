"""The simulated reviews of a plan: which come first, and what one trial leaves to the next."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.attempt import Rating
from maang_mcp.domain.review_load import ReviewLoad, review_minutes
from maang_mcp.domain.scheduling import Review, retrievability, review

from .learners import START, after, problem

PROBLEMS = {
    slug: problem(slug, "arrays", minutes=10 * (n % 4 + 1)) for n, slug in enumerate("abcdefghijkl")
}
EXPECTED = dict.fromkeys(PROBLEMS, 0.4)
TODAY = after(60).date()


def cards() -> st.SearchStrategy[list[Review]]:
    """Cards of some of the problems, reviewed once or twice in two months."""

    def card(slug: str, first: float, second: float | None, rating: Rating) -> Review:
        once = review(None, slug, rating, after(first))[0]
        return once if second is None else review(once, slug, rating, after(first + second))[0]

    one = st.tuples(st.floats(0, 30), st.none() | st.floats(2, 20), st.sampled_from(Rating))
    return st.dictionaries(st.sampled_from(sorted(PROBLEMS)), one, min_size=1).map(
        lambda drawn: [card(slug, *told) for slug, told in drawn.items()]
    )


@given(cards(), st.integers(0, 120))
def test_the_most_forgotten_come_first_and_what_is_too_long_is_passed_over(
    given_cards: list[Review], minutes: int
) -> None:
    noon = datetime.combine(TODAY, time(12), UTC)
    due = [card for card in given_cards if card.due.date() <= TODAY]
    left, wanted = minutes, []
    for card in sorted(due, key=lambda card: (retrievability(card, noon), card.problem)):
        takes = review_minutes(PROBLEMS[card.problem])
        if takes <= left:
            left -= takes
            wanted.append(card.problem)
    load = ReviewLoad(given_cards, PROBLEMS, EXPECTED)
    assert load.waiting(TODAY) == len(due)
    assert [held.problem.slug for held in load.review(TODAY, minutes)] == wanted
    assert load.waiting(TODAY) == len(due) - len(wanted)


@given(cards())
def test_a_copy_goes_on_apart(given_cards: list[Review]) -> None:
    load = ReviewLoad(given_cards, PROBLEMS, EXPECTED)
    waiting = load.waiting(TODAY)
    first, second = load.copy(), load.copy()
    held = first.review(TODAY, 1_000)
    assert load.waiting(TODAY) == second.waiting(TODAY) == waiting
    assert second.review(TODAY, 1_000) == held


@given(cards(), st.lists(st.tuples(st.integers(0, 9), st.integers(5, 60)), max_size=12))
def test_every_card_is_followed_as_fsrs_would(
    given_cards: list[Review], sittings: list[tuple[int, int]]
) -> None:
    load, held = ReviewLoad(given_cards, PROBLEMS, EXPECTED), {c.problem: c for c in given_cards}
    day: date = TODAY
    for later, minutes in sittings:
        day += timedelta(days=later)
        noon = datetime.combine(day, time(12), UTC)
        for due in load.review(day, minutes):
            card = held[due.problem.slug]
            assert card.due.date() <= day
            rating = Rating.GOOD if due.expected >= 0.5 else Rating.HARD
            held[card.problem] = review(card, card.problem, rating, noon)[0]
        assert load.waiting(day) == sum(card.due.date() <= day for card in held.values())


def test_nothing_is_due_before_its_day() -> None:
    card = review(None, "a", Rating.GOOD, START)[0]
    load = ReviewLoad([card], PROBLEMS, EXPECTED)
    assert load.review(card.due.date() - timedelta(days=1), 60) == []
    assert [held.problem.slug for held in load.review(card.due.date(), 60)] == ["a"]
