"""The data files themselves: facts in the form the site gives them, judgements complete."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from importlib.resources import files
from statistics import fmean
from typing import Any

import pytest

from maang_mcp.content.loader import catalogue, skill_graph
from maang_mcp.domain.naming import key, slugify, words
from maang_mcp.domain.problem import Difficulty, ItemDifficulty
from maang_mcp.domain.skills import Round

LOCK = "\N{LOCK}"
STUDY_LISTS = {
    "blind75": 75,
    "neetcode150": 150,
    "grind75": 75,
    "leetcode75": 75,
    "topinterview150": 150,
}
SITES_OWN_SLUGS = {
    "powx-n",
    "sqrtx",
    "insert-delete-getrandom-o1",
    "insert-delete-getrandom-o1-duplicates-allowed",
}
PRINCIPLES = [
    ("Customer Obsession", "customer-focus"),
    ("Ownership", "ownership"),
    ("Invent and Simplify", "innovation"),
    ("Are Right, A Lot", "decision-making"),
    ("Learn and Be Curious", "learning"),
    ("Hire and Develop the Best", "mentoring"),
    ("Insist on the Highest Standards", "high-standards"),
    ("Think Big", "innovation"),
    ("Bias for Action", "ownership"),
    ("Frugality", "innovation"),
    ("Earn Trust", "collaboration"),
    ("Dive Deep", "decision-making"),
    ("Have Backbone; Disagree and Commit", "conflict"),
    ("Deliver Results", "impact"),
    ("Strive to be Earth\u2019s Best Employer", "mentoring"),
    ("Success and Scale Bring Broad Responsibility", "ownership"),
]


def entries(name: str) -> list[dict[str, Any]]:
    text = (files("maang_mcp.content") / "data" / name).read_text(encoding="utf-8")
    read = json.loads(text)
    assert isinstance(read, list)
    return read


ENTRIES = entries("coding.json")
CODING = {problem.slug: problem for problem in catalogue() if problem.round is Round.CODING}


@pytest.mark.parametrize(
    ("name", "required", "optional"),
    [
        (
            "coding.json",
            {"slug", "number", "title", "difficulty", "skills"},
            {"rating", "lists", "aliases"},
        ),
        ("topics.json", {"slug", "title", "round", "difficulty", "skills", "aliases"}, set()),
        (
            "skills.json",
            {"id", "name", "family", "round", "frequency", "aliases"},
            {"prerequisites"},
        ),
    ],
)
def test_an_entry_has_the_fields_that_are_read_and_no_others(
    name: str, required: set[str], optional: set[str]
) -> None:
    for entry in entries(name):
        assert required <= entry.keys() <= required | optional, entry
        assert all(entry.values()), entry


def test_there_are_six_hundred_problems_in_the_order_of_their_numbers() -> None:
    numbers = [entry["number"] for entry in ENTRIES]
    assert len(numbers) >= 600
    assert numbers == sorted(set(numbers))
    assert len({entry["slug"] for entry in ENTRIES}) == len(ENTRIES) == len(CODING)


def test_titles_slugs_and_labels_are_written_as_the_site_writes_them() -> None:
    for entry in ENTRIES:
        bare = entry["title"].removesuffix(f" {LOCK}")
        assert re.fullmatch(r"[A-Z0-9][A-Za-z0-9'`(),&./ -]*[A-Za-z0-9)]", bare), entry["title"]
        assert "  " not in bare
        assert entry["slug"] == slugify(bare) or entry["slug"] in SITES_OWN_SLUGS
        assert entry["difficulty"] in {label.value for label in Difficulty}


def test_what_only_subscribers_can_open_is_known_and_its_mark_is_no_part_of_the_title() -> None:
    marked = {entry["slug"] for entry in ENTRIES if entry["title"].endswith(LOCK)}
    assert marked == {slug for slug, problem in CODING.items() if problem.subscriber_only}
    assert {"meeting-rooms", "meeting-rooms-ii", "alien-dictionary", "walls-and-gates"} <= marked
    assert marked.isdisjoint({"two-sum", "lru-cache", "word-ladder"})
    assert len(marked) / len(ENTRIES) < 0.1
    for problem in catalogue():
        assert LOCK not in problem.title
        assert problem.title == problem.title.strip()


def test_every_study_list_is_known_and_whole() -> None:
    listed = Counter(name for entry in ENTRIES for name in entry.get("lists", ()))
    assert listed == STUDY_LISTS
    blind = {entry["slug"] for entry in ENTRIES if "blind75" in entry.get("lists", ())}
    neetcode = {entry["slug"] for entry in ENTRIES if "neetcode150" in entry.get("lists", ())}
    assert blind < neetcode


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("Blind 75", 75),
        ("neetcode-150", 150),
        ("Grind 75", 75),
        ("LeetCode 75", 75),
        ("top interview 150", 150),
    ],
)
def test_a_study_list_is_found_by_its_name(said: str, size: int) -> None:
    assert len(catalogue().search(list_name=said)) == size


def test_the_item_difficulty_comes_from_the_rating_where_there_is_one_else_from_the_label() -> None:
    for entry in ENTRIES:
        item = CODING[entry["slug"]].item
        if "rating" in entry:
            assert 1000 <= entry["rating"] <= 4000
            assert item == ItemDifficulty.from_contest_rating(entry["rating"])
        else:
            assert item == ItemDifficulty.from_label(Difficulty(entry["difficulty"]))
    assert sum("rating" in entry for entry in ENTRIES) >= 140


def test_rated_problems_lie_about_their_label_on_the_labels_own_scale() -> None:
    rated = defaultdict(list)
    for problem in CODING.values():
        if problem.item.source == "contest rating":
            rated[problem.difficulty].append(problem.item.mean)
    means = {label: fmean(rated[label]) for label in Difficulty}
    for label, mean in means.items():
        by_label = ItemDifficulty.from_label(label)
        assert abs(mean - by_label.mean) < by_label.variance**0.5, label
    assert means[Difficulty.EASY] < means[Difficulty.MEDIUM] < means[Difficulty.HARD]


def test_no_alias_repeats_a_name_that_is_known_anyway() -> None:
    for name, first in (("coding.json", "slug"), ("topics.json", "slug"), ("skills.json", "id")):
        for entry in entries(name):
            names = [entry[first], entry.get("title", entry.get("name"))]
            known = {key(words(name)) for name in names}
            spelt = [key(words(alias)) for alias in entry.get("aliases", ())]
            assert known.isdisjoint(spelt), entry
            assert len(set(spelt)) == len(spelt), entry


def test_an_alias_is_plain_lower_case_and_no_number() -> None:
    for entry in (*ENTRIES, *entries("topics.json"), *entries("skills.json")):
        for alias in entry.get("aliases", ()):
            assert alias == " ".join(alias.lower().split()), alias
            assert not alias.isdigit(), alias


def test_no_alias_takes_the_name_of_another_problem() -> None:
    """Nor its name without small words: "stock with cooldown" must not be "stock cooldown"."""
    index = {key(words(name)): p.slug for p in CODING.values() for name in (p.title, p.slug)}
    for problem in CODING.values():
        for alias in problem.aliases:
            assert index.get(key(words(alias)), problem.slug) == problem.slug, alias


def test_every_coding_skill_offers_a_choice_at_every_ability() -> None:
    primary = Counter(problem.skills[0] for problem in CODING.values())
    for skill in skill_graph().of_round(Round.CODING):
        needing = [problem for problem in CODING.values() if skill.id in problem.skills]
        labels = {problem.difficulty for problem in needing}
        means = [problem.item.mean for problem in needing]
        assert primary[skill.id] >= 10, skill.id
        assert Difficulty.MEDIUM in labels, skill.id
        assert len(labels) >= 2, skill.id
        assert max(means) - min(means) >= 1.4, skill.id


def test_every_skill_of_another_round_is_asked_for_by_two_questions() -> None:
    first = Counter(problem.skills[0] for problem in catalogue())
    needed = Counter(skill for problem in catalogue() for skill in problem.skills)
    for skill in skill_graph().values():
        assert needed[skill.id] >= 2, skill.id
        assert first[skill.id] or skill.round is Round.SYSTEM_DESIGN, skill.id


def test_every_skill_can_be_reached_from_one_that_rests_on_nothing() -> None:
    graph = skill_graph()
    for round in Round:
        skills = graph.of_round(round)
        roots = {skill.id for skill in skills if not skill.prerequisites}
        assert roots
        for skill in skills:
            assert skill.id in roots or roots & graph.ancestors(skill.id), skill.id
            assert len(graph.ancestors(skill.id)) <= 12, skill.id


@pytest.mark.parametrize(("principle", "skill"), PRINCIPLES)
def test_a_leadership_principle_leads_to_its_skill(principle: str, skill: str) -> None:
    found = skill_graph().resolve(principle)
    assert found.id == skill
    assert found.round is Round.BEHAVIORAL


def test_the_readme_beside_the_data_says_how_many_and_whose_judgement() -> None:
    readme = (files("maang_mcp.content") / "data" / "README.md").read_text(encoding="utf-8")
    assert f"{len(ENTRIES)} of those" in readme
    assert "our own estimates" in readme
    for name in STUDY_LISTS:
        assert f"`{name}`" in readme
