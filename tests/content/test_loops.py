from collections.abc import Mapping
from itertools import product

import pytest

from maang_mcp.content.loops import (
    FEWEST,
    MOST,
    CompanyLoops,
    Loops,
    Rounds,
    loop_rounds,
    loops,
)
from maang_mcp.content.rounds import rounds
from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.level import Level
from maang_mcp.domain.skills import Round

CODING, DESIGN, BEHAVIORAL, ASSISTED = (
    Round.CODING,
    Round.SYSTEM_DESIGN,
    Round.BEHAVIORAL,
    Round.AI_ASSISTED,
)
SHORT = (CODING, BEHAVIORAL, CODING)
COMMON: Mapping[Level, Rounds] = dict.fromkeys(Level, SHORT)
COMPANIES = [None, "a company nobody reported on", *(one.name for one in loops().companies)]
EVERY = pytest.mark.parametrize(("level", "company"), list(product(Level, COMPANIES)))


@EVERY
def test_a_loop_is_a_day_of_code_and_conversation(level: Level, company: str | None) -> None:
    found = loop_rounds(level, company)
    assert FEWEST <= len(found) <= MOST
    assert {CODING, BEHAVIORAL} <= set(found)


@EVERY
def test_every_round_of_a_loop_can_be_interviewed(level: Level, company: str | None) -> None:
    assert set(loop_rounds(level, company)) <= set(rounds())


@pytest.mark.parametrize("company", COMPANIES)
def test_design_weighs_more_with_every_level(company: str | None) -> None:
    designs = [loop_rounds(level, company).count(DESIGN) for level in Level]
    assert designs == sorted(designs)
    assert designs[0] == 0
    assert designs[-1] == 2


def test_amazon_asks_about_behavior_twice() -> None:
    for level in Level:
        assert loop_rounds(level, "Amazon").count(BEHAVIORAL) == 2


def test_meta_holds_one_of_two_coding_rounds_with_an_assistant() -> None:
    for level in Level:
        found = loop_rounds(level, "Meta")
        assert (found.count(CODING), found.count(ASSISTED)) == (1, 1)


def test_google_asks_for_more_code_than_others() -> None:
    for level in Level:
        common = loop_rounds(level, None).count(CODING)
        assert loop_rounds(level, "Google").count(CODING) == common + 1


def test_a_company_goes_by_any_of_its_names_in_any_spelling() -> None:
    for level in Level:
        assert loop_rounds(level, "facebook") == loop_rounds(level, "Meta Platforms, Inc.")
        assert loop_rounds(level, "AWS") == loop_rounds(level, "AMAZON.COM")


def test_a_company_that_is_not_known_to_differ_has_the_common_loop() -> None:
    for level in Level:
        assert loop_rounds(level, "The Lighthouse Board") == loop_rounds(level, None)
    assert loop_rounds(Level.ENTRY, "Netflix") == loop_rounds(Level.ENTRY, None)


def test_what_is_no_name_of_a_company_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no name of a company"):
        loop_rounds(Level.MID, "?!")


def test_loops_are_read_once() -> None:
    assert loops() is loops()


@pytest.mark.parametrize(
    ("rounds", "complaint"),
    [
        ((CODING, BEHAVIORAL), "2 rounds at mid"),
        ((CODING,) * 5 + (BEHAVIORAL,), "6 rounds at mid"),
        ((CODING, CODING, DESIGN), "without code or without conversation at mid"),
        ((BEHAVIORAL, BEHAVIORAL, DESIGN), "without code or without conversation at mid"),
    ],
)
def test_a_loop_that_is_none_is_refused_with_its_company_and_level(
    rounds: Rounds, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        Loops({**COMMON, Level.MID: rounds})
    with pytest.raises(ValueError, match=f"Acme: .*{complaint}"):
        Loops(COMMON, (CompanyLoops("Acme", {Level.MID: rounds}),))


def test_a_level_without_a_common_loop_is_refused() -> None:
    with pytest.raises(ValueError, match="for every level"):
        Loops({Level.MID: SHORT})


def test_a_company_that_differs_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="Acme differs nowhere"):
        CompanyLoops("Acme", {})


def test_a_name_that_two_companies_go_by_is_refused() -> None:
    one = CompanyLoops("Acme", COMMON)
    other = CompanyLoops("Apex", COMMON, aliases=("acme Inc.",))
    with pytest.raises(ValueError, match="the name of two companies"):
        Loops(COMMON, (one, other))
