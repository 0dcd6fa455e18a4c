"""What a difficulty means in logits, and what becomes of problems the catalogue does not know."""

from __future__ import annotations

from dataclasses import replace
from statistics import linear_regression

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.naming import SLUG_LENGTH, key, slugify, words
from maang_mcp.domain.problem import (
    Difficulty,
    ItemDifficulty,
    custom_problem,
    time_limit,
    url_in,
)
from maang_mcp.domain.skills import Round


def test_a_label_alone_gives_the_model_page_figures() -> None:
    means = [ItemDifficulty.from_label(label).mean for label in Difficulty]
    assert means == [-1.2, 0.2, 1.6]
    assert {ItemDifficulty.from_label(label).variance for label in Difficulty} == {0.36}


@pytest.mark.parametrize(("rating", "label"), [(1264, "easy"), (1666, "medium"), (2297, "hard")])
def test_the_mean_contest_rating_of_a_label_lands_near_the_label(rating: int, label: str) -> None:
    rated = ItemDifficulty.from_contest_rating(rating)
    labelled = ItemDifficulty.from_label(Difficulty(label))
    assert abs(rated.mean - labelled.mean) < 0.21
    assert rated.variance < labelled.variance
    assert rated.source == "contest rating"


def test_ratings_are_mapped_by_the_line_through_the_three_labels() -> None:
    """Least squares through the mean ratings of the labels, and the spread that it leaves."""
    groups = [(553, 1264.4, 89.8, -1.2), (1151, 1665.8, 250.8, 0.2), (605, 2296.7, 285.5, 1.6)]
    fitted = linear_regression([mean for _, mean, _, _ in groups], [label for *_, label in groups])
    for rating in (1000, 1742, 2400, 3773):
        mapped = ItemDifficulty.from_contest_rating(rating).mean
        assert mapped == pytest.approx(fitted.intercept + fitted.slope * rating, abs=0.01)
    within = sum(n * spread**2 for n, _, spread, _ in groups) / sum(n for n, *_ in groups)
    assert fitted.slope * within**0.5 == pytest.approx(0.62, abs=0.01)
    label = ItemDifficulty.from_label(Difficulty.MEDIUM)
    assert fitted.slope * within**0.5 == pytest.approx(label.variance**0.5, abs=0.03)


@given(st.floats(800, 4000), st.floats(1, 1000))
def test_a_higher_rating_is_never_easier(rating: float, more: float) -> None:
    lower = ItemDifficulty.from_contest_rating(rating)
    higher = ItemDifficulty.from_contest_rating(rating + more)
    assert lower.mean < higher.mean
    assert lower.variance == higher.variance == 0.15


def test_an_unnamed_difficulty_is_the_mixture_of_the_labels() -> None:
    shares = {Difficulty.EASY: 0.24, Difficulty.MEDIUM: 0.52, Difficulty.HARD: 0.24}
    labels = {label: ItemDifficulty.from_label(label) for label in shares}
    mean = sum(share * labels[label].mean for label, share in shares.items())
    between = sum(share * (labels[label].mean - mean) ** 2 for label, share in shares.items())
    assumed = ItemDifficulty.assumed()
    assert assumed.mean == pytest.approx(mean, abs=0.01)
    assert assumed.variance == pytest.approx(between + 0.36, abs=0.01)


def test_the_time_limit_follows_the_label_in_coding_and_the_round_elsewhere() -> None:
    assert [time_limit(label) for label in Difficulty] == [20, 35, 50]
    assert {time_limit(label, Round.SYSTEM_DESIGN) for label in Difficulty} == {45}
    assert {time_limit(label, Round.BEHAVIORAL) for label in Difficulty} == {10}


def test_a_custom_problem_keeps_the_name_it_was_given() -> None:
    problem = custom_problem("  Robot  in a Maze (Acme onsite)", skills=("matrix",))
    assert problem.title == "Robot in a Maze (Acme onsite)"
    assert problem.slug == "robot-in-a-maze-acme-onsite"
    assert problem.skills == ("matrix",)
    assert problem.custom
    assert problem.url is None


def test_a_custom_problem_without_a_difficulty_is_wide_open() -> None:
    unknown = custom_problem("Robot in a maze")
    labelled = custom_problem("Robot in a maze", difficulty=Difficulty.HARD)
    assert unknown.difficulty is Difficulty.MEDIUM
    assert unknown.item.source == "assumed"
    assert unknown.item.variance > labelled.item.variance
    assert labelled.minutes == 50


@pytest.mark.parametrize(
    ("address", "title", "slug"),
    [
        ("https://leetcode.com/problems/house-robber-iv/", "House Robber IV", "house-robber-iv"),
        ("leetcode.com/problems/odd-one?envType=list", "Odd One", "odd-one"),
        ("https://codeforces.com/problemset/problem/4/A", "Codeforces 4 A", "codeforces-4-a"),
        ("https://site.example/challenges/left-turn/problem", "Left Turn", "left-turn"),
        ("Spiral walk https://site.example/x/12", "Spiral walk", "spiral-walk"),
        ("[Spiral walk](https://site.example/x/12)", "Spiral walk", "spiral-walk"),
    ],
)
def test_an_address_becomes_a_title_and_is_kept(address: str, title: str, slug: str) -> None:
    problem = custom_problem(address)
    assert (problem.title, problem.slug) == (title, slug)
    assert problem.url is not None
    assert problem.url.startswith("https://")


@pytest.mark.parametrize("text", ["a/b testing", "two sum", "n/2 elements", "v1.2", "e.g. this"])
def test_ordinary_text_holds_no_address(text: str) -> None:
    assert url_in(text) is None


@pytest.mark.parametrize("name", ["", "   ", "!!!", "?/?"])
def test_a_name_without_a_letter_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        custom_problem(name)


@given(st.text(max_size=300))
def test_any_text_becomes_a_short_plain_slug_or_is_refused(text: str) -> None:
    try:
        problem = custom_problem(text)
    except InvalidInput:
        return
    assert 0 < len(problem.slug) <= SLUG_LENGTH
    assert problem.slug == slugify(problem.slug)
    assert not problem.slug.startswith("-")
    assert custom_problem(text) == problem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3Sum", "three sum"),
        ("House Robber II", "house robber 2"),
        ("Kids & Candies", "kids and candies"),
        ("Min Stack", "minimum stack"),
        ("Number of Islands", "number of island"),
        ("Pascal\u2019s Triangle", "pascals triangle"),
        ("R\u00e9sum\u00e9", "resume"),
    ],
)
def test_two_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert key(words(one)) == key(words(other))


def test_a_sequel_has_a_key_of_its_own() -> None:
    names = ["Jump Game", "Jump Game II", "Jump Game III", "Jump Game IV", "Jump Game V"]
    assert len({key(words(name)) for name in names}) == len(names)


def test_a_problem_that_stands_on_no_site_is_asked_in_an_interview() -> None:
    topic = replace(custom_problem("Design a lighthouse", round=Round.SYSTEM_DESIGN), custom=False)
    assert topic.interview == "start_interview round=system_design question=design-a-lighthouse"
    ours = replace(custom_problem("The rank of a river"), bank=True)
    assert ours.interview == "start_interview question=the-rank-of-a-river"
    assert custom_problem("Their own").interview is None
    assert custom_problem("https://example.org/problems/two-boats/").interview is None
