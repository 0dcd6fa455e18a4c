"""Companies by the names learners give them."""

from __future__ import annotations

import pytest

from maang_mcp.domain.company import LONGEST, MOST, Company, companies, company
from maang_mcp.domain.errors import InvalidInput


@pytest.mark.parametrize(
    ("told", "same"),
    [
        ("Google", "google"),
        (" GOOGLE\n LLC.", "Google"),
        ("J.P. Morgan", "JPMorgan"),
        ("Goldman Sachs", "goldman-sachs"),
        ("AT&T, Inc.", "at and t"),
        ("Amazon.com", "Amazon"),
        ("Nestlé", "Nestle\u0301"),
    ],
)
def test_two_spellings_of_a_company_are_one(told: str, same: str) -> None:
    assert company(told).key == company(same).key


@pytest.mark.parametrize(("one", "other"), [("Meta", "Metabase"), ("Co", "Inc"), ("X", "Y")])
def test_different_companies_stay_apart(one: str, other: str) -> None:
    assert company(one).key != company(other).key


def test_a_company_keeps_the_name_it_was_given() -> None:
    assert companies(("  Jane\tStreet ", "", "jane street", "IBM")) == (
        Company("Jane Street", "janestreet"),
        Company("IBM", "ibm"),
    )


@pytest.mark.parametrize("told", ["...", "\u202e", "x" * (LONGEST + 1)])
def test_what_is_no_name_is_refused(told: str) -> None:
    with pytest.raises(InvalidInput, match="no name of a company"):
        company(told)


def test_a_secret_in_the_place_of_a_company_is_not_kept() -> None:
    key = "sk-" + "a1B2" * 12
    assert key not in company(f"Acme {key}").name


def test_an_attempt_names_a_limited_number_of_companies() -> None:
    told = tuple(f"Company {n} of many" for n in range(MOST + 1))
    assert len(companies(told[:MOST])) == MOST
    with pytest.raises(InvalidInput, match="at most"):
        companies(told)
