"""Where the parts of a story begin, by its labels."""

from __future__ import annotations

import pytest

from maang_mcp.domain.star import STAR, Part, star_parts

WHOLE = dict(zip(STAR, ("It broke.", "I had it.", "I mended it.", "It ran."), strict=True))


def labelled(pattern: str, between: str = "\n") -> str:
    """Each part under its label; {N}, {n} and {l} are its name and its letter."""
    return between.join(
        pattern.format(N=part.capitalize(), n=part, U=part.upper(), l=part[0].upper(), said=said)
        for part, said in WHOLE.items()
    )


@pytest.mark.parametrize(
    "pattern",
    [
        "{N}: {said}",
        "{U}:{said}",
        "{n} :  {said}",
        "{N}s: {said}",
        "{N} - {said}",
        "{N} \u2013 {said}",
        "{N}\n{said}\n",
        "# {N}\n\n{said}\n",
        "### {N}s:\n{said}",
        "## {l}\n{said}",
        "**{N}:** {said}",
        "**{N}**: {said}",
        "**{N}** {said}",
        "__{N}__\n{said}",
        "*{N}*: {said}",
        "- **{N}**: {said}",
        "* {N}: {said}",
        "1. {N}: {said}",
        "> {N}: {said}",
        "[{N}] {said}",
        "({l}) {said}",
        "{l}: {said}",
        "{l} - {said}",
        "**{l}** - {said}",
        "{N} (2 min): {said}",
    ],
)
def test_the_usual_spellings_are_labels(pattern: str) -> None:
    parts, before = star_parts(labelled(pattern))
    assert parts == WHOLE
    assert before == ""


@pytest.mark.parametrize(
    "pattern", ["{N}: {said}", "{l}: {said}", "**{N}:** {said}", "{n}: {said}"]
)
def test_all_may_stand_in_one_paragraph(pattern: str) -> None:
    assert star_parts(labelled(pattern, " "))[0] == WHOLE


@pytest.mark.parametrize(
    ("label", "part"),
    [
        ("Context", Part.SITUATION),
        ("Background", Part.SITUATION),
        ("My task", Part.TASK),
        ("Goal", Part.TASK),
        ("What I did", Part.ACTION),
        ("Actions taken", Part.ACTION),
        ("Outcome", Part.RESULT),
        ("The result", Part.RESULT),
        ("Impact", Part.RESULT),
        ("Learning", Part.REFLECTION),
        ("Lessons learned", Part.REFLECTION),
        ("What I learned", Part.REFLECTION),
        ("Takeaways", Part.REFLECTION),
        ("L", Part.REFLECTION),
    ],
)
def test_a_part_goes_by_other_names(label: str, part: Part) -> None:
    assert star_parts(f"{label}: It was so.")[0] == {part: "It was so."}


@pytest.mark.parametrize(
    "label", ["Situation and task", "Situation / Task", "S/T", "Situation & Task"]
)
def test_a_situation_with_its_task_is_divided_before_the_last_sentence(label: str) -> None:
    parts, _ = star_parts(f"{label}: It broke. Twice. I had it.\nAction: I mended it.")
    assert parts[Part.SITUATION] == "It broke. Twice."
    assert parts[Part.TASK] == "I had it."
    assert parts[Part.ACTION] == "I mended it."


def test_the_second_r_is_the_reflection() -> None:
    parts, _ = star_parts("S: a\nT: b\nA: c\nR: d\nR: e")
    assert (parts[Part.RESULT], parts[Part.REFLECTION]) == ("d", "e")


def test_lines_may_begin_parts_in_any_order_and_again() -> None:
    parts, _ = star_parts("Result: It ran.\nSituation: It broke.\nResult: For good.")
    assert parts == {Part.SITUATION: "It broke.", Part.RESULT: "It ran.\nFor good."}


@pytest.mark.parametrize(
    "text",
    [
        "Action: I cut two tasks: the first and the last.",
        "Action: I saw option a: the queue.",
        "Action: Situational awareness - that was it.",
        "Action: I took action items: none.",
        "Action: I opened https://a:8080 and sub-task: 3.",
        "Action: I asked.\nA colleague answered.\nTask forces are slow.\nResults-driven he was.",
    ],
)
def test_a_turn_of_phrase_is_no_label(text: str) -> None:
    parts, _ = star_parts(text)
    assert list(parts) == [Part.ACTION]


def test_what_stands_before_the_first_label_is_no_part() -> None:
    parts, before = star_parts("The night of the outage.\nSituation: It broke.\nTask:\n")
    assert before == "The night of the outage.\n"
    assert parts == {Part.SITUATION: "It broke."}


@pytest.mark.parametrize("text", ["", "It broke and I mended it.", "##\n**"])
def test_a_text_without_labels_has_no_parts(text: str) -> None:
    assert star_parts(text) == ({}, text)
