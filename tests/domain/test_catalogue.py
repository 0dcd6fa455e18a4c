"""Finding problems: forgiving about spelling, never sure of the wrong one."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.errors import InvalidInput, UnknownSkill
from maang_mcp.domain.problem import (
    Difficulty,
    ItemDifficulty,
    Problem,
    custom_problem,
    time_limit,
)
from maang_mcp.domain.skills import Round, Skill, SkillGraph

GRAPH = SkillGraph(
    [
        Skill("arrays", "Arrays", "Basics", Round.CODING, 0.5),
        Skill("dp-1d", "Linear DP", "Dynamic programming", Round.CODING, 0.2, aliases=("dp",)),
        Skill("dp-2d", "Grid DP", "Dynamic programming", Round.CODING, 0.1, ("dp-1d",)),
        Skill("caching", "Caching", "Traffic", Round.SYSTEM_DESIGN, 0.7),
    ]
)


def problem(
    slug: str,
    title: str,
    *skills: str,
    number: int | None = None,
    difficulty: Difficulty = Difficulty.MEDIUM,
    lists: tuple[str, ...] = (),
    round: Round = Round.CODING,
    aliases: tuple[str, ...] = (),
    bank: bool = False,
) -> Problem:
    return Problem(
        slug,
        title,
        difficulty,
        skills or ("arrays",),
        number=number,
        lists=lists,
        minutes=time_limit(difficulty, round),
        item=ItemDifficulty.from_label(difficulty),
        round=round,
        aliases=aliases,
        bank=bank,
    )


EASY, HARD = Difficulty.EASY, Difficulty.HARD
LONGEST = "longest-substring-without-repeating-characters"
PROBLEMS = (
    problem("two-sum", "Two Sum", number=1, difficulty=EASY, lists=("blind75", "neetcode150")),
    problem("two-sum-ii-input-array-is-sorted", "Two Sum II - Input Array Is Sorted", number=167),
    problem("3sum", "3Sum", number=15, lists=("blind75",)),
    problem("house-robber", "House Robber", "dp-1d", number=198, lists=("blind75",)),
    problem("house-robber-ii", "House Robber II", "dp-1d", number=213),
    problem("wiggle-sort-ii", "Wiggle Sort II", number=324),
    problem("lru-cache", "LRU Cache", number=146, aliases=("lru", "least recently used cache")),
    problem("01-matrix", "01 Matrix", "dp-2d", number=542),
    problem("minimum-path-sum", "Minimum Path Sum", "dp-2d", "arrays", number=64),
    problem("maximum-subarray", "Maximum Subarray", "dp-1d", number=53),
    problem("powx-n", "Pow(x, n)", number=50),
    problem(LONGEST, "Longest Substring Without Repeating Characters", number=3),
    problem("roman-to-integer", "Roman to Integer", number=13, difficulty=EASY),
    problem("integer-to-roman", "Integer to Roman", number=12),
    problem("climb-the-tower", "Climb the Tower", "dp-1d", "dp-2d", difficulty=HARD),
    problem("climb-down", "Climb Down", "dp-1d", "dp-2d", difficulty=EASY),
    problem("paint-the-fence", "Paint the Fence"),
    problem("point-the-fence", "Point the Fence"),
    problem("contains-duplicate", "Contains Duplicate", aliases=("duplicate integer",)),
    problem("design-twitter", "Design Twitter", number=355),
    problem(
        "design-news-feed",
        "Design a News Feed",
        "caching",
        round=Round.SYSTEM_DESIGN,
        aliases=("news feed", "design twitter", "design acmebook"),
    ),
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue(PROBLEMS, GRAPH)


def found(catalogue: Catalogue, text: str, also: Iterable[Problem] = ()) -> str | None:
    match = catalogue.resolve(text, also)
    return match.slug if match else None


@pytest.mark.parametrize(
    ("problems", "complaint"),
    [
        ([problem("a", "One"), problem("a", "Two")], "'a' is listed twice"),
        ([problem("a", "One", number=1), problem("b", "Two", number=1)], "number 1 is used twice"),
        ([problem("a", "One", "nothing")], "unknown skill 'nothing'"),
        ([problem("a", "Same Title"), problem("b", "same titles")], "names a and b"),
        ([problem("a", "Jump"), problem("b", "Leap", aliases=("jump",))], "names a and b"),
        ([problem("a", "Jump"), problem("b", "Leap", aliases=("A",))], "names a and b"),
    ],
)
def test_a_defective_catalogue_is_refused(problems: list[Problem], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Catalogue(problems, GRAPH)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("two-sum", "two-sum"),
        ("  TWO SUM ", "two-sum"),
        ("twosum", "two-sum"),
        ("2 sum", "two-sum"),
        ("2sum", "two-sum"),
        ("three sum", "3sum"),
        ("two sum ii", "two-sum-ii-input-array-is-sorted"),
        ("Two Sum 2", "two-sum-ii-input-array-is-sorted"),
        ("house robber I", "house-robber"),
        ("house robber 2", "house-robber-ii"),
        ("houserobberII", "house-robber-ii"),
        ("pow (x,n)", "powx-n"),
        ("Pow", "powx-n"),
        ("01matrix", "01-matrix"),
        ("lru", "lru-cache"),
        ("the LRU cache problem", "lru-cache"),
        ("leetcode lru cache (medium)", "lru-cache"),
        ("design an LRU cache in Python", "lru-cache"),
    ],
)
def test_a_problem_goes_by_its_names_in_any_spelling(
    catalogue: Catalogue, text: str, slug: str
) -> None:
    assert found(catalogue, text) == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("15", "3sum"),
        ("#15", "3sum"),
        ("LC 15", "3sum"),
        ("15.", "3sum"),
        ("#15.", "3sum"),
        ("no. 15", "3sum"),
        ("No 15", "3sum"),
        ("number 15", "3sum"),
        ("problem 15", "3sum"),
        ("Problem #15", "3sum"),
        ("problem no. 15", "3sum"),
        ("lc15", "3sum"),
        ("LC-15", "3sum"),
        ("leetcode 15", "3sum"),
        ("Leetcode problem #15", "3sum"),
        ("15. 3Sum", "3sum"),
        ("15 3sum", "3sum"),
        ("146. LRU Cahce", "lru-cache"),
        ("LRU Cache (LC 146)", "lru-cache"),
        ("lc 146 the one with the list", "lru-cache"),
        ("3. Two Sum", "two-sum"),
        ("LC 9998 lru cache", "lru-cache"),
    ],
)
def test_a_number_names_a_problem_alone_or_beside_its_title(
    catalogue: Catalogue, text: str, slug: str
) -> None:
    assert found(catalogue, text) == slug


@pytest.mark.parametrize(
    "text",
    [
        *("9999", "#9999", "lc 9999", "LC 15 two sum", "7 two sum", "7. two sm", "q15", "1500000"),
        *("Q 15", "question 15", "no. 9999", "problem 15 of the onsite", "15.5", "no", "problem"),
    ],
)
def test_a_number_nobody_has_or_that_contradicts_its_title_names_nothing(
    catalogue: Catalogue, text: str
) -> None:
    assert found(catalogue, text) is None


@pytest.mark.parametrize(
    ("address", "slug"),
    [
        ("leetcode.com/problems/two-sum/description/?x=1", "two-sum"),
        ("https://leetcode.com/problems/two-sum", "two-sum"),
        ("https://www.leetcode.com/contest/c-1/problems/two-sum/", "two-sum"),
        ("http://leetcode.cn/problems/LRU-cache/#top", "lru-cache"),
        ("I did [this](https://leetcode.com/problems/two-sum/) today", "two-sum"),
        ("https://neetcode.io/problems/duplicate-integer/question", "contains-duplicate"),
        ("https://practice.example/challenges/lru-cache/problem", "lru-cache"),
    ],
)
def test_an_address_names_its_problem(catalogue: Catalogue, address: str, slug: str) -> None:
    assert found(catalogue, address) == slug


@pytest.mark.parametrize(
    "address",
    [
        "https://leetcode.com/problems/two-summs/",
        "https://leetcode.com/problems/",
        "https://leetcode.com/explore/two-sum-and-others/",
        "https://leetcode.com/problems/house-robber-iii/",
        "https://neetcode.io/problems/something-else",
    ],
)
def test_an_address_is_never_guessed_at(catalogue: Catalogue, address: str) -> None:
    assert found(catalogue, address) is None


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("two sm", "two-sum"),
        ("tow sum", "two-sum"),
        ("logest substring without repeating", LONGEST),
        (
            "longestsubstring without repating character",
            "longest-substring-without-repeating-characters",
        ),
        ("lru cahce", "lru-cache"),
        ("hous erobber", "house-robber"),
        ("house rober ii", "house-robber-ii"),
        ("rman to integer", "roman-to-integer"),
        ("intger to roman", "integer-to-roman"),
        ("minimm path sum", "minimum-path-sum"),
    ],
)
def test_typing_errors_that_leave_one_reading_are_forgiven(
    catalogue: Catalogue, text: str, slug: str
) -> None:
    assert found(catalogue, text) == slug


@pytest.mark.parametrize(
    "text",
    [
        "my custom interview question",
        "hello",
        "system design",
        "google onsite q2",
        "google onsite #2",
        "leetcode contest 3 q2",
        "array",
        "sum",
        "sorted array",
        "longest substring",
        "acmebook",
        "acmebook question",
        "",
        "   ",
        "!!!",
        "?",
        "x" * 5000,
    ],
)
def test_what_names_no_problem_finds_none(catalogue: Catalogue, text: str) -> None:
    assert found(catalogue, text) is None


@pytest.mark.parametrize(
    ("text", "but_not"),
    [
        ("house robber iii", "a sequel that is not there"),
        ("wiggle sort", "the first part of a sequel"),
        ("lfu cache", "one letter away, another thing"),
        ("maximum path sum", "the opposite"),
        ("two sum less than k", "a longer title"),
        ("two sum iv", "the same words and another numeral"),
        ("sum two", "the words in another order"),
        ("10 matrix", "a number one swap away"),
        ("house robber iiii", "a damaged numeral"),
        ("house robber li", "a damaged numeral"),
        ("wigglesorttw", "a damaged numeral word"),
        ("pxint the fence", "two titles as near as each other"),
    ],
)
def test_another_problem_is_never_taken_for_one_it_resembles(
    catalogue: Catalogue, text: str, but_not: str
) -> None:
    assert found(catalogue, text) is None, but_not


def test_the_round_decides_between_a_problem_and_a_topic_of_one_name(catalogue: Catalogue) -> None:
    by_default = catalogue.resolve("design twitter")
    as_topic = catalogue.resolve("design twitter", round=Round.SYSTEM_DESIGN)
    assert by_default is not None
    assert by_default.slug == "design-twitter"
    assert as_topic is not None
    assert as_topic.slug == "design-news-feed"


@pytest.mark.parametrize("text", ["design acmebook", "Acmebook system design"])
def test_a_company_names_a_design_topic_only_where_design_is_meant(
    catalogue: Catalogue, text: str
) -> None:
    assert found(catalogue, text) == "design-news-feed"
    topic = catalogue.resolve("acmebook", round=Round.SYSTEM_DESIGN)
    assert topic is not None
    assert topic.slug == "design-news-feed"


def test_the_learners_own_problems_are_found_by_name_slug_and_address(catalogue: Catalogue) -> None:
    own = [
        custom_problem("Robot in a maze"),
        custom_problem("https://site.example/tasks/left-turn?id=3"),
        custom_problem("Acme onsite q2"),
    ]
    assert found(catalogue, "robot in MAZE", own) == "robot-in-a-maze"
    assert found(catalogue, "robot-in-a-maze", own) == "robot-in-a-maze"
    assert found(catalogue, "robto in a maze", own) == "robot-in-a-maze"
    assert found(catalogue, "site.example/tasks/left-turn", own) == "left-turn"
    assert found(catalogue, "acme onsite q2", own) == "acme-onsite-q2"
    assert found(catalogue, "acme onsite q3", own) is None
    assert found(catalogue, "robot in a maze") is None


def test_the_catalogue_comes_before_an_own_problem_of_the_same_name(catalogue: Catalogue) -> None:
    own = [custom_problem("LRU cache")]
    match = catalogue.resolve("lru caches", own)
    assert match is not None
    assert not match.custom


@given(st.text(max_size=120))
def test_any_text_at_all_has_an_answer(text: str) -> None:
    catalogue = Catalogue(PROBLEMS[:3], GRAPH)
    catalogue.resolve(text)
    assert len(catalogue.near(text)) <= 3


def test_near_names_are_offered_where_none_is_certain(catalogue: Catalogue) -> None:
    assert catalogue.near("two sum with hash map", 2)[0].slug == "two-sum"
    assert catalogue.near("matrix", 5)[0].slug == "01-matrix"
    assert catalogue.near("zzzz") == ()


def test_the_likeness_asked_for_decides_which_names_are_near(catalogue: Catalogue) -> None:
    assert "paint-the-fence" in {p.slug for p in catalogue.near("painting fences")}
    assert catalogue.near("painting fences", likeness=95) == ()
    assert catalogue.near("two sum with hash map", likeness=95)[0].slug == "two-sum"


def test_get_knows_slugs_alone(catalogue: Catalogue) -> None:
    assert catalogue.get("3sum") is not None
    assert catalogue.get("3Sum") is None


def test_a_search_for_nothing_lists_everything_studied_most_first(catalogue: Catalogue) -> None:
    everything = catalogue.search()
    assert len(everything) == len(catalogue) == len(PROBLEMS)
    assert [one.slug for one in everything[:3]] == ["two-sum", "3sum", "house-robber"]


def test_a_topic_lists_the_problems_it_is_primary_for_before_the_others(
    catalogue: Catalogue,
) -> None:
    assert [one.slug for one in catalogue.search("dp")] == [
        "house-robber",
        "climb-down",
        "maximum-subarray",
        "house-robber-ii",
        "climb-the-tower",
    ]
    by_skill = [one.slug for one in catalogue.search(skill="dp-2d")]
    assert by_skill == ["minimum-path-sum", "01-matrix", "climb-down", "climb-the-tower"]
    assert len(catalogue.search("dynamic programming")) == 7


def test_a_name_in_a_query_comes_first_then_titles_that_hold_its_words(
    catalogue: Catalogue,
) -> None:
    slugs = [one.slug for one in catalogue.search("house robber")]
    assert slugs == ["house-robber", "house-robber-ii"]
    assert [one.slug for one in catalogue.search("sum")][:2] == ["two-sum", "3sum"]


def test_a_query_of_misspelt_words_falls_back_on_similar_names(catalogue: Catalogue) -> None:
    assert catalogue.search("substring no repeat chars")[0].slug.startswith("longest-substring")
    assert catalogue.search("zzzz") == []


def test_every_condition_of_a_search_narrows_it(catalogue: Catalogue) -> None:
    assert {one.slug for one in catalogue.search("easy problems")} == {
        "two-sum",
        "roman-to-integer",
        "climb-down",
    }
    assert {one.slug for one in catalogue.search("hard dp")} == {"climb-the-tower"}
    assert {one.slug for one in catalogue.search(difficulty=HARD)} == {"climb-the-tower"}
    assert {one.slug for one in catalogue.search(list_name="Blind 75")} == {
        "two-sum",
        "3sum",
        "house-robber",
    }
    assert {one.slug for one in catalogue.search(round=Round.SYSTEM_DESIGN)} == {"design-news-feed"}
    assert all(one.minutes <= 20 for one in catalogue.search(max_minutes=20))
    assert catalogue.search("3sum", difficulty=EASY) == []


def test_own_problems_are_searched_too(catalogue: Catalogue) -> None:
    own = [custom_problem("Robot in a maze", skills=("dp-2d",))]
    assert "robot-in-a-maze" in {one.slug for one in catalogue.search("dp-2d", also=own)}
    assert [one.slug for one in catalogue.search("robot", also=own)] == ["robot-in-a-maze"]


def test_a_skill_or_list_nobody_knows_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownSkill):
        catalogue.search(skill="juggling")
    with pytest.raises(InvalidInput, match="blind75, neetcode150"):
        catalogue.search(list_name="grind 200")


RIVER = problem("river-rank", "The rank of a river", "dp-1d", bank=True)
WITH_BANK = Catalogue((*PROBLEMS, RIVER), GRAPH)


@pytest.mark.parametrize("name", ["river-rank", "The Rank of a River", "rank of a rivr"])
def test_a_question_of_the_bank_is_found_like_every_other(name: str) -> None:
    assert WITH_BANK.resolve(name) is RIVER
    assert WITH_BANK.near("rank of rivers")[0] is RIVER
    assert WITH_BANK.search(name)[0] is RIVER


def test_a_question_of_the_bank_is_none_of_what_is_practised_alone() -> None:
    assert list(WITH_BANK) == list(PROBLEMS)
    assert len(WITH_BANK) == len(PROBLEMS)


def test_a_question_of_the_bank_comes_before_ones_own_of_its_name() -> None:
    by_title, by_slug = custom_problem("The rank of a river"), custom_problem("river-rank")
    own = (by_title, by_slug)
    for name in ("The rank of a river", "river-rank"):
        assert WITH_BANK.resolve(name, own) is RIVER
    assert by_slug not in WITH_BANK.search(skill="dp", also=own)
    assert by_slug not in WITH_BANK.search("river", also=own)


def test_among_equals_a_question_of_the_bank_comes_last() -> None:
    found = [one.slug for one in WITH_BANK.search(skill="dp-1d")]
    assert found.index("river-rank") == len(found) - 1
