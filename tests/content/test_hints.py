import pytest

from maang_mcp.content.hints import hints_for, ladders
from maang_mcp.content.loader import skill_graph
from maang_mcp.domain.skills import Round

from .words import code_in

SKILLS = ladders().skills
ALL = {**SKILLS, **ladders().rounds}


def test_every_coding_skill_has_a_ladder_and_no_other_name_has() -> None:
    assert set(SKILLS) == {skill.id for skill in skill_graph().of_round(Round.CODING)}


@pytest.mark.parametrize("skill", sorted(ALL))
def test_a_ladder_gives_away_more_with_each_level_and_never_code(skill: str) -> None:
    orientation, *_, outline = ladder = ALL[skill]
    assert len(set(ladder)) == len(ladder) == 4
    assert len(outline) > len(orientation)
    assert [code_in(hint) for hint in ladder] == [[]] * 4


def test_no_two_skills_share_a_hint() -> None:
    hints = [hint for ladder in ALL.values() for hint in ladder]
    assert len(set(hints)) == len(hints)


def test_the_primary_skill_gives_the_hints() -> None:
    assert hints_for(("heap", "greedy"), Round.CODING) == SKILLS["heap"]


def test_a_skill_without_a_ladder_is_passed_over() -> None:
    assert hints_for(("juggling", "greedy"), Round.CODING) == SKILLS["greedy"]


@pytest.mark.parametrize("skills", [(), ("juggling",)])
def test_a_problem_of_unknown_skills_gets_the_general_ladder(skills: tuple[str, ...]) -> None:
    for round, ladder in ladders().rounds.items():
        assert hints_for(skills, round) == ladder
    assert hints_for(skills, Round.BEHAVIORAL) == ()


@pytest.mark.parametrize(
    "code",
    ["total += 1", "seen[x]", "heapq.heappush(h, x)", "call f(x)", "left = 0", "def solve"],
)
def test_code_would_be_noticed(code: str) -> None:
    assert code_in(f"Try this: {code}")


@pytest.mark.parametrize("prose", ["It costs O(n).", "Return what is left; then stop.", "a: b"])
def test_prose_is_not_taken_for_code(prose: str) -> None:
    assert code_in(prose) == []
