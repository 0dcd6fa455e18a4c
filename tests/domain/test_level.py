from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.level import Level, resolve_level

ENTRY, MID, SENIOR, STAFF = Level


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("entry", ENTRY),
        ("Entry-level", ENTRY),
        ("new grad", ENTRY),
        ("New Graduate SWE", ENTRY),
        ("junior developer", ENTRY),
        ("intern", ENTRY),
        ("mid", MID),
        ("mid-level engineer", MID),
        ("Senior", SENIOR),
        ("Sr. SDE", SENIOR),
        ("staff", STAFF),
        ("senior staff engineer", STAFF),
        ("Principal Engineer", STAFF),
        ("L3", ENTRY),
        ("l4", MID),
        ("level 5", SENIOR),
        ("L6", STAFF),
        ("L7", STAFF),
        ("E3", ENTRY),
        ("E4", MID),
        ("E5 at Meta", SENIOR),
        ("e6", STAFF),
        ("E7", STAFF),
        ("IC4", MID),
        ("L5a, Uber", SENIOR),
        ("SDE I", ENTRY),
        ("SDE II", MID),
        ("SDE-III", SENIOR),
        ("SDE2", MID),
        ("software engineer II", MID),
        ("software development engineer 1", ENTRY),
        ("ICT3", MID),
        ("ICT4 at Apple", SENIOR),
        ("ICT 5", STAFF),
        ("Microsoft 59", ENTRY),
        ("62 at MSFT", MID),
        ("level 64, microsoft", SENIOR),
        ("Microsoft 65", STAFF),
        ("a Google L5 onsite", SENIOR),
        ("Google, senior (L5)", SENIOR),
    ],
)
def test_the_usual_names_of_a_level_are_understood(said: str, level: Level) -> None:
    assert resolve_level(said) is level


@pytest.mark.parametrize(
    ("said", "company", "level"),
    [
        ("L5", "Google", SENIOR),
        ("L5", "Amazon", MID),
        ("L5", "amazon web services", MID),
        ("Amazon L4", None, ENTRY),
        ("Amazon SDE II (L5)", None, MID),
        ("L7 at AWS", "Google", STAFF),
        ("SWE III", "Google", MID),
        ("Software Engineer II, YouTube", None, ENTRY),
        ("63", "Microsoft", SENIOR),
        ("senior", "some company nobody knows", SENIOR),
    ],
)
def test_a_name_is_read_on_the_ladder_of_its_company(
    said: str, company: str | None, level: Level
) -> None:
    assert resolve_level(said, company) is level


@pytest.mark.parametrize("said", ["", "bananas", "L1", "L99", "63", "ICT9", "elite five", "SDE IV"])
def test_an_unknown_name_is_refused_with_what_is_understood(said: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        resolve_level(said)
    for understood in ("entry", "staff", "L3", "E3", "SDE", "ICT"):
        assert understood in refusal.value.explain()


@pytest.mark.parametrize("said", ["mid/senior", "L4 or L5", "senior SDE II", "Amazon L5 senior"])
def test_two_levels_in_one_name_are_not_guessed_between(said: str) -> None:
    with pytest.raises(InvalidInput, match="more than one level"):
        resolve_level(said)


@given(st.sampled_from(list(Level)))
def test_a_level_names_itself(level: Level) -> None:
    assert resolve_level(level.value) is level


@given(st.text())
def test_any_text_names_a_level_or_is_refused(said: str) -> None:
    with suppress(InvalidInput):
        assert resolve_level(said) in Level
