import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.content.loader import skill_graph
from maang_mcp.content.principles import principles, resolve_principle
from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.principles import Principle, Principles
from maang_mcp.domain.skills import Round

ALL = principles()
EACH = pytest.mark.parametrize("principle", ALL, ids=lambda principle: principle.name)
BOLD = Principle("Be Bold", "Acme", ("innovation",), ("boldness",))


def named(text: str) -> tuple[str, str] | None:
    found = resolve_principle(text)
    return (found.company, found.name) if found else None


def test_six_companies_have_principles_and_amazon_sixteen() -> None:
    companies = list(dict.fromkeys(principle.company for principle in ALL))
    assert companies == ["Amazon", "Google", "Meta", "Apple", "Microsoft", "Netflix"]
    assert len(principles("Amazon")) == 16
    assert all(len(principles(company)) >= 3 for company in companies)
    assert sum(len(principles(company)) for company in companies) == len(ALL)


@pytest.mark.parametrize(
    ("told", "company"),
    [
        ("amazon", "Amazon"),
        ("Amazon.com, Inc.", "Amazon"),
        ("AWS", "Amazon"),
        ("Amazon Web Services", "Amazon"),
        ("Google LLC", "Google"),
        ("alphabet", "Google"),
        ("Facebook", "Meta"),
        ("msft", "Microsoft"),
    ],
)
def test_a_company_is_known_by_the_names_it_goes_by(told: str, company: str) -> None:
    found = principles(told)
    assert found
    assert {principle.company for principle in found} == {company}


def test_a_company_whose_principles_are_not_known_has_none() -> None:
    assert principles("Harbour Trams") == ()
    with pytest.raises(InvalidInput):
        principles("  ")


@EACH
def test_a_principle_is_found_by_its_name_and_shows_itself_in_skills(principle: Principle) -> None:
    assert resolve_principle(principle.name) is principle
    assert resolve_principle(f"{principle.company} {principle.name}") is principle
    assert 1 <= len(set(principle.skills)) == len(principle.skills) <= 3
    for skill in principle.skills:
        assert skill_graph()[skill].round is Round.BEHAVIORAL


@EACH
def test_every_alias_leads_to_its_principle_when_the_company_is_named(
    principle: Principle,
) -> None:
    for alias in principle.aliases:
        assert resolve_principle(f"{principle.company}'s {alias.upper()}") is principle


@pytest.mark.parametrize("principle", principles("Amazon"), ids=lambda principle: principle.name)
def test_the_skill_graph_reads_a_principle_as_the_skill_that_comes_first(
    principle: Principle,
) -> None:
    assert skill_graph().resolve(principle.name).id == principle.skills[0]


def test_every_behavioral_skill_belongs_to_a_principle() -> None:
    shown = {skill for principle in ALL for skill in principle.skills}
    assert shown == {skill.id for skill in skill_graph().of_round(Round.BEHAVIORAL)}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("dive deep", ("Amazon", "Dive Deep")),
        ("bias for action", ("Amazon", "Bias for Action")),
        ("Bias-for-Action", ("Amazon", "Bias for Action")),
        ("Amazon's LP: Dive Deep", ("Amazon", "Dive Deep")),
        ("leadership principle earn trust", ("Amazon", "Earn Trust")),
        ("are right a lot", ("Amazon", "Are Right, A Lot")),
        ("disagree & commit", ("Amazon", "Have Backbone; Disagree and Commit")),
        ("Earth\u2019s Best Employer", ("Amazon", "Strive to be Earth's Best Employer")),
        ("ownership principle", ("Amazon", "Ownership")),
        ("googlyness", ("Google", "Googleyness")),
        ("moving fast", ("Meta", "Move Fast")),
        ("growth mind-set", ("Microsoft", "Growth Mindset")),
        ("one microsoft", ("Microsoft", "One Microsoft")),
        ("candour", ("Netflix", "Candor")),
    ],
)
def test_a_principle_is_found_as_candidates_say_it(typed: str, expected: tuple[str, str]) -> None:
    assert named(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("customer obsesion", ("Amazon", "Customer Obsession")),
        ("frugaltiy", ("Amazon", "Frugality")),
        ("insist on the higest standrds", ("Amazon", "Insist on the Highest Standards")),
        ("curage", ("Netflix", "Courage")),
    ],
)
def test_a_slip_of_the_finger_is_forgiven(typed: str, expected: tuple[str, str]) -> None:
    assert named(typed) == expected


def test_a_name_two_companies_use_means_the_one_that_is_named_with_it() -> None:
    assert named("customer obsession") == ("Amazon", "Customer Obsession")
    assert named("customer obsession for Microsoft") == ("Microsoft", "Customer Obsessed")


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "?!", "amazon", "leadership principle", "the", "tidiness", "netflix dive deep"],
)
def test_what_names_no_principle_for_certain_is_none(typed: str) -> None:
    assert resolve_principle(typed) is None


@given(st.text(max_size=60))
def test_whatever_is_typed_leads_to_a_principle_or_to_none(typed: str) -> None:
    found = resolve_principle(typed)
    assert found is None or found in ALL


@given(st.sampled_from(ALL), st.data())
def test_case_and_spaces_never_matter(principle: Principle, data: st.DataObject) -> None:
    turned = "".join(
        letter.upper() if data.draw(st.booleans()) else letter.lower() for letter in principle.name
    )
    spaced = turned.replace(" ", data.draw(st.sampled_from(["  ", "-", " ", "_"])))
    assert resolve_principle(spaced) is principle


@pytest.mark.parametrize(
    ("name", "company", "skills"),
    [(" ", "Acme", ("impact",)), ("Be Bold", "", ("impact",)), ("Be Bold", "Acme", ())],
)
def test_a_principle_without_a_name_a_company_or_a_skill_is_refused(
    name: str, company: str, skills: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match="needs a name, a company and skills"):
        Principle(name, company, skills)


def test_one_company_cannot_have_two_principles_of_a_name() -> None:
    with pytest.raises(ValueError, match="Acme has two principles"):
        Principles((BOLD, Principle("Boldness", "Acme", ("impact",))), {"Acme": ()})


def test_a_principle_of_an_unlisted_company_is_refused() -> None:
    with pytest.raises(ValueError, match="no company that is listed"):
        Principles((BOLD,), {"Apex": ()})


def test_two_names_equally_near_to_a_slip_are_neither() -> None:
    others = Principles(
        (
            Principle("Stay Calm", "Acme", ("impact",)),
            Principle("Stay Warm", "Apex", ("impact",)),
        ),
        {"Acme": (), "Apex": ()},
    )
    assert others.resolve("stay carm") is None
    found = others.resolve("stay cal")
    assert found is not None
    assert found.name == "Stay Calm"
