"""What is read from a story: parts, principles, companies, a metric, its length."""

from __future__ import annotations

import pytest

from maang_mcp.domain.star import STAR, Part
from maang_mcp.domain.story import LONGEST_READ, WORDS_PER_MINUTE

from .stories import TOLD, read, telling, written


def test_a_story_is_read_with_its_parts() -> None:
    story = read(written())
    assert story.parts == TOLD
    assert story.missing == ()
    assert [len(story.told[part]) for part in Part] == [2, 1, 4, 2, 2]
    assert story.has_metric


@pytest.mark.parametrize("part", STAR)
@pytest.mark.parametrize("said", ["", " \n", "result, metric, 40%, I", "..."])
def test_a_part_that_says_nothing_is_missing(part: Part, said: str) -> None:
    assert read(written({**TOLD, part: said})).missing == (part,)


def test_a_part_that_repeats_another_is_missing() -> None:
    story = read(telling(task=TOLD[Part.ACTION].split(". ")[0] + ", 40%."))
    assert story.missing == ()
    again = read(telling(result=TOLD[Part.SITUATION].replace("2025", "2024")))
    assert again.missing == (Part.RESULT,)


@pytest.mark.parametrize(
    ("line", "tags", "names"),
    [
        ("Principles: Dive Deep, Ownership", (), ["Dive Deep", "Ownership"]),
        ("**Principles**: Ownership; Dive Deep.", (), ["Ownership", "Dive Deep"]),
        ("Leadership principles: Are Right, A Lot", (), ["Are Right, A Lot"]),
        ("Values: Meta, Metamates, Me", (), ["Meta, Metamates, Me"]),
        ("LPs: ownership and dive deep", (), ["Ownership", "Dive Deep"]),
        ("LP: Have Backbone; Disagree and Commit", (), ["Have Backbone; Disagree and Commit"]),
        ("- Principles covered: diving deap", (), ["Dive Deep"]),
        ("", ("dive-deep", "payments", "Amazon's Ownership"), ["Dive Deep", "Ownership"]),
        ("Principle: Dive Deep", ("dive deep",), ["Dive Deep"]),
        ("Principles: no such thing, 42", ("used:Google", ""), []),
        ("We stored the values: dive deep, ownership", (), []),
    ],
)
def test_principles_are_named_by_tags_and_by_a_line(
    line: str, tags: tuple[str, ...], names: list[str]
) -> None:
    story = read(f"{written()}\n{line}", *tags)
    assert [one.name for one in story.principles] == names


@pytest.mark.parametrize(
    ("line", "tags", "names"),
    [
        ("Used with: Google (2026-03), Meta", (), ["Google", "Meta"]),
        ("**Used at:** Amazon.com and Stripe.", (), ["Amazon.com", "Stripe"]),
        ("told to: Google", (), []),
        ("", ("used:Google", "used with Meta", "USED = apple"), ["Google", "Meta", "apple"]),
        ("Used with: google", ("used:Google",), ["google"]),
        ("Used with: ???, -", ("used:", "used-car"), []),
        ("I used with care: nothing", (), []),
    ],
)
def test_companies_are_named_by_tags_and_by_a_line(
    line: str, tags: tuple[str, ...], names: list[str]
) -> None:
    story = read(f"{written()}\n{line}", *tags)
    assert [one.name for one in story.used_with] == names


def test_lines_about_the_story_are_no_part_of_it() -> None:
    story = read(f"{written()}\nPrinciples: Dive Deep\nUsed with: Google")
    assert story.parts == TOLD
    assert story.spoken_minutes == read(written()).spoken_minutes


def test_a_company_is_known_by_any_spelling() -> None:
    story = read(written(), "used:Google LLC")
    assert [one.key for one in story.used_with] == ["google"]


def test_a_metric_counts_in_a_sentence_of_the_result_alone() -> None:
    assert not read(telling(result="The restarts by hand stopped for good.")).has_metric
    assert not read(telling(result="The restarts stopped for us. 40%, 3x, $1M")).has_metric
    assert read(telling(result="The restarts stopped for 40 shops.")).has_metric
    assert not read(telling(action="I cut it by 40% at last.", result="It was so.")).has_metric


def test_minutes_are_those_of_everything_but_the_reflection() -> None:
    said = " ".join(["word"] * (2 * WORDS_PER_MINUTE - 1))
    assert read(f"Situation: {said} 7").spoken_minutes == 2.0
    assert read(f"Situation: {said} 7\nReflection: {said}").spoken_minutes == 2.0
    assert read(f"{said}\nSituation: {said} 7").spoken_minutes == 4.0
    assert read("").spoken_minutes == 0.0


@pytest.mark.parametrize("piece", ["s: ", "**", "#", "a, ", "Principles: ", "used with: a, ", "\n"])
def test_a_text_of_any_shape_is_read(piece: str) -> None:
    story = read(piece * LONGEST_READ)
    assert story.missing == STAR
    assert len(story.text) <= LONGEST_READ
