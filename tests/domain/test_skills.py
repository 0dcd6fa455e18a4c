"""The skill graph as a structure: what it refuses, how it orders, how it understands names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.errors import UnknownSkill
from maang_mcp.domain.skills import Round, Skill, SkillGraph


def skill(
    skill_id: str,
    *prerequisites: str,
    family: str = "Family",
    round: Round = Round.CODING,
    frequency: float = 0.1,
    aliases: tuple[str, ...] = (),
) -> Skill:
    name = skill_id.replace("-", " ").capitalize()
    return Skill(skill_id, name, family, round, frequency, prerequisites, aliases)


@pytest.fixture
def graph() -> SkillGraph:
    return SkillGraph(
        [
            skill("sliding-window", "two-pointers", family="Windows", aliases=("variable window",)),
            skill("two-pointers", "arrays", family="Windows"),
            skill("arrays", family="Basics", aliases=("hash maps",)),
            skill("dp-1d", family="Dynamic programming", aliases=("dp", "dynamic programming")),
            skill("dp-2d", "dp-1d", "arrays", family="Dynamic programming"),
            skill("caching", family="Traffic", round=Round.SYSTEM_DESIGN),
        ]
    )


def test_an_id_defined_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="'a' is defined twice"):
        SkillGraph([skill("a"), skill("a")])


def test_a_prerequisite_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="'a' rests on unknown 'b'"):
        SkillGraph([skill("a", "b")])


def test_a_cycle_is_refused_and_named() -> None:
    with pytest.raises(ValueError, match=r"rest on each other: .* -> "):
        SkillGraph([skill("a", "b"), skill("b", "c"), skill("c", "a")])


@pytest.mark.parametrize("frequency", [0.0, -0.1, 1.1])
def test_a_frequency_that_is_no_share_is_refused(frequency: float) -> None:
    with pytest.raises(ValueError, match="frequency"):
        SkillGraph([skill("a", frequency=frequency)])


def test_a_name_that_means_two_skills_is_refused() -> None:
    with pytest.raises(ValueError, match="names both 'a' and 'b'"):
        SkillGraph([skill("a", aliases=("Same Name",)), skill("b", aliases=("same-names",))])


@given(st.permutations([("a", ()), ("b", ("a",)), ("c", ("a",)), ("d", ("b", "c")), ("e", ("d",))]))
def test_prerequisites_come_first_whatever_the_order_of_definition(
    defined: list[tuple[str, tuple[str, ...]]],
) -> None:
    order = list(SkillGraph([skill(name, *required) for name, required in defined]))
    for name, required in defined:
        assert all(order.index(one) < order.index(name) for one in required)


def test_the_graph_is_a_mapping_of_ids(graph: SkillGraph) -> None:
    assert graph["caching"].round is Round.SYSTEM_DESIGN
    assert "arrays" in graph
    assert "nothing" not in graph
    assert len(graph) == len(list(graph)) == 6


def test_a_round_has_its_own_skills(graph: SkillGraph) -> None:
    assert [one.id for one in graph.of_round(Round.SYSTEM_DESIGN)] == ["caching"]
    assert graph.of_round(Round.BEHAVIORAL) == ()


def test_ancestors_reach_further_than_prerequisites(graph: SkillGraph) -> None:
    assert [one.id for one in graph.prerequisites("sliding-window")] == ["two-pointers"]
    assert graph.ancestors("sliding-window") == {"two-pointers", "arrays"}
    assert graph.ancestors("arrays") == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "sliding-window",
        "Sliding Window",
        "SLIDING_WINDOW",
        "sliding windows",
        "slidingwindow",
        "variable window",
    ],
)
def test_a_skill_goes_by_id_name_or_alias_in_any_spelling(graph: SkillGraph, text: str) -> None:
    assert graph.resolve(text).id == "sliding-window"


def test_an_unknown_skill_is_refused_with_the_nearest_names(graph: SkillGraph) -> None:
    with pytest.raises(UnknownSkill, match="sliding-window") as refusal:
        graph.resolve("slidng windw")
    assert refusal.value.next_step


def test_an_unknown_skill_without_a_near_name_gets_no_false_suggestion(graph: SkillGraph) -> None:
    with pytest.raises(UnknownSkill, match=r"No skill is called 'zzz'\.$"):
        graph.resolve("zzz")


def test_a_family_name_covers_the_family_and_an_id_only_itself(graph: SkillGraph) -> None:
    assert [one.id for one in graph.topic("dynamic programming")] == ["dp-1d", "dp-2d"]
    assert [one.id for one in graph.topic("dp-2d")] == ["dp-2d"]
    assert [one.id for one in graph.topic("dp")] == ["dp-1d"]


def test_an_id_that_is_a_family_name_too_means_the_skill() -> None:
    graph = SkillGraph([skill("stacks", family="Stacks"), skill("monotonic", family="Stacks")])
    assert [one.id for one in graph.topic("Stacks")] == ["stacks"]


def test_a_round_name_covers_its_skills(graph: SkillGraph) -> None:
    assert [one.id for one in graph.topic("System Design")] == ["caching"]


def test_a_topic_nobody_knows_is_refused(graph: SkillGraph) -> None:
    with pytest.raises(UnknownSkill):
        graph.topic("juggling")
