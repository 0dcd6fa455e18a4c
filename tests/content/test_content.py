"""The data that ships: whole, consistent, and found by what people call it."""

from __future__ import annotations

import string
from collections import Counter
from time import perf_counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from maang_mcp.content.loader import catalogue, content_version, skill_graph
from maang_mcp.domain.naming import key, words
from maang_mcp.domain.problem import Difficulty, Problem
from maang_mcp.domain.skills import Round

PROBLEMS = tuple(catalogue())
CODING = [problem for problem in PROBLEMS if problem.round is Round.CODING]


def found(text: str) -> str | None:
    match = catalogue().resolve(text)
    return match.slug if match else None


def test_the_graph_holds_the_skills_of_every_round() -> None:
    sizes = {round: len(skill_graph().of_round(round)) for round in Round}
    assert 24 <= sizes[Round.CODING] <= 32
    assert sizes[Round.SYSTEM_DESIGN] >= 15
    assert sizes[Round.BEHAVIORAL] >= 9
    assert sizes[Round.AI_ASSISTED] == 4
    families = {skill.family for skill in skill_graph().of_round(Round.CODING)}
    assert 8 <= len(families) <= 12


def test_a_skill_rests_only_on_skills_of_its_own_round() -> None:
    graph = skill_graph()
    for skill in graph.values():
        assert {one.round for one in graph.prerequisites(skill.id)} <= {skill.round}


@pytest.mark.parametrize(
    ("said", "skill"),
    [
        ("DP", "dp-1d"),
        ("dynamic programming", "dp-1d"),
        ("hash map", "arrays-hashing"),
        ("BFS", "graph-traversal"),
        ("binary trees", "trees"),
        ("priority queue", "heap"),
        ("topo sort", "topological-sort"),
        ("Dijkstra's algorithm", "shortest-path"),
        ("caching", "caching"),
        ("back-of-the-envelope", "capacity-estimation"),
        ("disagree and commit", "conflict"),
        ("prompting", "directing-the-assistant"),
    ],
)
def test_a_skill_goes_by_what_people_call_it(said: str, skill: str) -> None:
    assert skill_graph().resolve(said).id == skill


def test_a_problem_needs_one_to_three_skills_of_its_own_round() -> None:
    for problem in PROBLEMS:
        assert 1 <= len(problem.skills) <= 3, problem.slug
        assert len(set(problem.skills)) == len(problem.skills), problem.slug
        rounds = {skill_graph()[skill].round for skill in problem.skills}
        assert rounds == {problem.round}, problem.slug


def test_every_round_has_questions() -> None:
    asked = Counter(problem.round for problem in PROBLEMS)
    assert asked[Round.SYSTEM_DESIGN] >= 20
    assert asked[Round.BEHAVIORAL] + asked[Round.AI_ASSISTED] >= 12
    assert asked[Round.AI_ASSISTED] >= 4


def test_a_coding_problem_has_a_number_a_page_and_a_limit_by_its_label() -> None:
    limits = {Difficulty.EASY: 20, Difficulty.MEDIUM: 35, Difficulty.HARD: 50}
    for problem in CODING:
        assert problem.number is not None
        assert problem.url == f"https://leetcode.com/problems/{problem.slug}/"
        assert problem.minutes == limits[problem.difficulty]
        assert not problem.custom


def test_every_name_of_a_problem_finds_it() -> None:
    for problem in PROBLEMS:
        for name in (problem.slug, problem.title, problem.title.upper(), *problem.aliases):
            assert catalogue().resolve(name, round=problem.round) is problem, name
        if problem.number is not None:
            assert found(f"LC {problem.number}") == problem.slug
            assert found(f"{problem.number}. {problem.title}") == problem.slug
            assert found(f"leetcode.com/problems/{problem.slug}/description/") == problem.slug


@pytest.mark.parametrize(
    ("said", "slug"),
    [
        ("two sum ii", "two-sum-ii-input-array-is-sorted"),
        ("3sum closest", "3sum-closest"),
        ("word search 2", "word-search-ii"),
        ("course schedule II", "course-schedule-ii"),
        ("Course Schedule I", "course-schedule"),
        ("house robber 3", "house-robber-iii"),
        ("kth largest", "kth-largest-element-in-an-array"),
        ("kth smallest bst", "kth-smallest-element-in-a-bst"),
        ("two sm", "two-sum"),
        ("logest substring without repeating", "longest-substring-without-repeating-characters"),
        ("lfu cahce", "lfu-cache"),
        ("trapping rainwater", "trapping-rain-water"),
        ("best time to buy and sell stocks 3", "best-time-to-buy-and-sell-stock-iii"),
        ("neetcode.io/problems/islands-and-treasure", "walls-and-gates"),
        ("url shortner", "design-url-shortener"),
        ("design youtube", "design-video-streaming"),
        ("WhatsApp system design", "design-chat-system"),
        ("tell me about a time you failed", "time-you-failed"),
    ],
)
def test_a_problem_goes_by_what_people_call_it(said: str, slug: str) -> None:
    assert found(said) == slug


@pytest.mark.parametrize(
    "said",
    [
        "my custom interview question",
        "hello",
        "system design",
        "google onsite q2",
        "binary tree",
        "graph problem",
        "longest substring",
        "a dp problem",
        "uber",
        "stripe question",
        # Problems of the practice site that the catalogue does not list, beside some that it does.
        "Two Sum Less Than K",
        "Two Sum BSTs",
        "Stone Game II",
        "Wiggle Sort",
        "Course Schedule V",
        "House Robber V",
        "Longest Repeating Substring",
        "Maximum Path Quality of a Graph",
        "Path Sum IV",
        "Jump Game V",
        "Word Ladder III",
        "Candy Crush",
        "Sliding Window",
        "Remove Nodes From Linked List",
        "Count Submatrices With All Ones",
    ],
)
def test_what_the_catalogue_does_not_list_is_not_found(said: str) -> None:
    assert found(said) is None


TITLES = {key(words(problem.title)) for problem in PROBLEMS}
LETTERS = "".join(set(string.ascii_lowercase) - set("iv"))  # those could spell a numeral


@st.composite
def mistyped(draw: st.DrawFn) -> tuple[Problem, str]:
    """A title with one or two slips of the finger, in words that a slip leaves recognisable.

    A word of three letters is told from another by any one of them ("to", "two"), and some slips
    make another title ("Mutable", "Immutable"): no resolver can see that those are slips.
    """
    problem = draw(st.sampled_from(PROBLEMS))
    spelt = problem.title.split()
    long = [at for at, word in enumerate(spelt) if len(word) > 3 and word.isalpha()]
    assume(long)
    for _ in range(draw(st.integers(1, 2))):
        word = spelt[at := draw(st.sampled_from(long))]
        assume(len(word) > 3)
        n = draw(st.integers(1, len(word) - 2))
        letter = draw(st.sampled_from(LETTERS))
        swapped = word[n + 1] + word[n]
        cut = [word[n + 1 :], letter + word[n:], letter + word[n + 1 :], swapped + word[n + 2 :]]
        spelt[at] = word[:n] + draw(st.sampled_from(cut))
    typed = " ".join(spelt)
    assume(key(words(typed)) not in TITLES)
    return problem, typed


@given(mistyped())
@settings(max_examples=300, deadline=None)
def test_a_typing_error_finds_the_same_problem_or_none(slip: tuple[Problem, str]) -> None:
    problem, typed = slip
    assert found(typed) in (problem.slug, None)


def test_most_single_typing_errors_are_forgiven() -> None:
    longest = [max(problem.title.split(), key=len) for problem in CODING]
    slips = [
        (problem, problem.title.replace(word, word[:2] + word[3:]))
        for problem, word in zip(CODING, longest, strict=True)
        if len(word) >= 6
    ]
    forgiven = sum(found(typed) == problem.slug for problem, typed in slips)
    assert len(slips) > 400
    assert forgiven / len(slips) > 0.9


def test_a_fuzzy_search_of_the_whole_catalogue_is_quick() -> None:
    catalogue().resolve("warm up")
    best = min(_seconds("slidng windw maxmum of something") for _ in range(5))
    assert best < 0.005


def _seconds(text: str) -> float:
    start = perf_counter()
    catalogue().resolve(text)
    return perf_counter() - start


def test_the_version_is_a_stable_digest() -> None:
    before = content_version()
    content_version.cache_clear()
    assert content_version() == before
    assert len(before) == 16
    assert set(before) <= set(string.hexdigits.lower())
