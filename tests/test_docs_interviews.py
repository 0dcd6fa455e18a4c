"""What docs/interviews.md says of rounds, ceilings, limits and the bank is so."""

from __future__ import annotations

import re
from pathlib import Path
from pkgutil import resolve_name
from typing import Final

from maang_mcp.content.questions import questions
from maang_mcp.content.rounds import rounds
from maang_mcp.domain.evidence import FEWEST_WORDS, MOST_SUPPORTED, SHORTEST_QUOTE
from maang_mcp.domain.hints import GIVES_THE_APPROACH
from maang_mcp.domain.interview import LONGEST, LONGEST_SILENCE, SET_ASIDE, SHORTEST, UNATTENDED
from maang_mcp.domain.onsite import OPEN_FOR
from maang_mcp.domain.rubric import EVERY, FAR_OVER, LITTLE, NEXT_TO_NOTHING
from maang_mcp.domain.skills import Round
from maang_mcp.domain.wording import RUN
from maang_mcp.sandbox.imports import NATIVE
from maang_mcp.sandbox.prelude import REPLACED

PAGE: Final = (Path(__file__).resolve().parents[1] / "docs" / "interviews.md").read_text("utf-8")


def section(title: str) -> str:
    """The section of that title, on one line where it is prose."""
    _, _, rest = PAGE.partition(f"\n## {title}\n")
    assert rest, title
    return rest.partition("\n## ")[0]


def tables(title: str) -> list[list[tuple[str, ...]]]:
    """The cells of each table in that section, without its head."""
    blocks = re.findall(r"(?:^\|.*\n)+", section(title), re.MULTILINE)
    return [
        [tuple(cell.strip(" `") for cell in line.strip("|").split("|")) for line in lines[2:]]
        for lines in (block.splitlines() for block in blocks)
    ]


def prose(title: str) -> str:
    return " ".join(section(title).split())


def test_every_phase_is_listed_with_its_share() -> None:
    (listed,) = tables("Rounds and phases")
    assert listed == [
        (round.value, phase.name, f"{phase.share_of_time:.0%}")
        for round in Round
        for phase in rounds()[round][0].phases
    ]


def test_dimensions_and_ceilings_are_those_of_the_rubrics() -> None:
    dimensions, ceilings = tables("The verdict")
    rubrics = [(round, rounds()[round][1]) for round in Round]
    assert dimensions == [
        (
            round.value,
            ", ".join(f"**{one.name}**" if one.core else one.name for one in rubric.dimensions),
        )
        for round, rubric in rubrics
    ]
    assert ceilings == [
        (
            round.value,
            rule.signal.value,
            str(rule.at_least),
            "every" if rule.dimension == EVERY else rule.dimension,
            str(rule.highest),
        )
        for round, rubric in rubrics
        for rule in rubric.ceilings
    ]


def test_the_limits_of_the_sandbox_are_those_of_the_code() -> None:
    (limits,) = tables("Running code")
    for name, value in limits:
        module, _, constant = name.partition("`")[0].rpartition(".")
        assert str(getattr(resolve_name(f"maang_mcp.{module}"), constant)) == value, name


def test_every_module_that_code_may_import_is_named() -> None:
    listed = prose("Running code").partition("these modules")[2].partition(". What the")[0]
    assert set(re.findall(r"`(\w+)`", listed)) == NATIVE | set(REPLACED)


def test_the_bank_is_counted() -> None:
    (counted,) = tables("The bank")
    for round, *numbers in counted:
        held = [one for one in questions().values() if one.round is Round(round)]
        tasks = [one.code for one in held if one.code is not None]
        parts = ("tests", "solutions", "wrong")
        sums = [sum(len(getattr(task, part)) for task in tasks) for part in parts]
        assert [int(number) for number in numbers] == [len(held), *sums]
    assert [row[0] for row in counted] == [round.value for round in Round]


def test_times_and_bounds_in_the_text_are_those_of_the_code() -> None:
    clock = prose("The clock")
    assert f"{SHORTEST} to {LONGEST} minutes" in prose("Rounds and phases")
    assert f"at most {LONGEST_SILENCE.seconds // 60} minutes count" in clock
    assert f"{UNATTENDED.total_seconds() / 3600:.0f} hours after" in clock
    assert f"{SET_ASIDE.days} days after its start" in clock
    assert f"{OPEN_FOR.total_seconds() / 3600:.0f} hours" in prose("Onsite loops")
    assert (FEWEST_WORDS, SHORTEST_QUOTE) == (2, 8)
    assert "at least two words and eight characters" in prose("The verdict")
    said = f"1 below {LITTLE} different words and 2 below {NEXT_TO_NOTHING}"
    verdict = prose("The verdict")
    assert said in verdict
    assert f"`over_time` is 2 from {FAR_OVER} times" in verdict
    assert (MOST_SUPPORTED, RUN) == (2, 6)
    assert "one quote supports two dimensions at most" in verdict
    assert verdict.count("six words in a row") == 2
    assert f"a hint of level {GIVES_THE_APPROACH} or more" in verdict
    each = rounds()[Round.BEHAVIORAL][0].minutes_per_question
    assert f"one question for each {each} minutes" in prose("Rounds and phases")
