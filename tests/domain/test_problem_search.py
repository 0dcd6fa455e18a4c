from dataclasses import replace

from maang_mcp.domain.problem import Difficulty, ItemDifficulty, Problem
from maang_mcp.domain.problem_search import rank, standing
from maang_mcp.domain.skills import Round, Skill, SkillGraph

GRAPH = SkillGraph(
    [Skill("graph-traversal", "Graph traversal", "Graphs", Round.CODING, 0.3, (), ("islands",))]
)


def problem(slug: str, title: str, *skills: str) -> Problem:
    return Problem(
        slug=slug,
        title=title,
        difficulty=Difficulty.MEDIUM,
        skills=skills,
        minutes=25,
        item=ItemDifficulty.from_label(Difficulty.MEDIUM),
    )


CLONE = problem("clone-graph", "Clone Graph", "graph-traversal")
ISLANDS = problem("number-of-islands", "Number of Islands", "graph-traversal")
TOUR = problem("islands-tour", "Islands Tour")
LATE = problem("bridges", "Bridges", "arrays", "graph-traversal")
EVERYTHING = (CLONE, ISLANDS, TOUR, LATE)


def ranked(text: str, named: Problem | None = None) -> list[str]:
    relevance = rank(EVERYTHING, text, GRAPH, named)
    return sorted(relevance, key=lambda slug: -relevance[slug])


def test_a_word_that_is_a_topic_too_puts_the_titles_that_hold_it_first() -> None:
    assert ranked("islands") == ["number-of-islands", "clone-graph", "bridges", "islands-tour"]


def test_a_title_gains_nothing_from_the_name_of_the_topic() -> None:
    relevance = rank(EVERYTHING, "graphs", GRAPH, None)
    assert relevance["clone-graph"] == relevance["number-of-islands"]


def test_the_problem_of_exactly_that_name_comes_before_every_sum() -> None:
    assert ranked("islands", named=TOUR)[:2] == ["islands-tour", "number-of-islands"]


def test_among_equals_the_listed_come_first_then_what_everybody_can_open() -> None:
    listed = replace(CLONE, lists=("blind75",), subscriber_only=True)
    paid = replace(ISLANDS, subscriber_only=True, number=1)
    free = replace(TOUR, number=2)
    assert sorted((paid, free, listed), key=standing) == [listed, free, paid]
