"""What one attempt changed, told in a line: also why a failure can raise a skill."""

from __future__ import annotations

from uuid import UUID

import pytest

from maang_mcp.domain.attempt import Attempt, Outcome
from maang_mcp.domain.problem import Difficulty
from maang_mcp.domain.skills import Round
from maang_mcp.domain.standing import Standing, practise

from .learners import after, graph, problem, skill

SKILLS = graph(skill("heaps"))


def told(outcome: Outcome, difficulty: Difficulty, *before: Outcome) -> str:
    standing, one = Standing(), problem("one", "heaps", difficulty=difficulty)
    line = ""
    for n, ended in enumerate((*before, outcome)):
        attempt = Attempt(UUID(int=n), one.slug, Round.CODING, ended, after(n))
        consequence = practise(standing, attempt, one)
        standing, line = consequence.standing, consequence.explain(SKILLS)
    return line


def test_an_attempt_is_explained_by_what_was_predicted_and_what_moved() -> None:
    two = problem("two", "heaps", "graphs")
    attempt = Attempt(
        UUID(int=1), "two", Round.CODING, Outcome.FAILED, after(0), culprit_skill="graphs"
    )
    line = practise(Standing(), attempt, two).explain(graph(skill("heaps"), skill("graphs")))
    assert line.startswith("predicted 42 %, failed: Graphs -0.14, Heaps +0.01, overall -0.24 (")


def test_a_change_too_small_to_be_seen_is_not_told() -> None:
    standing, one, two = Standing(), problem("one", "heaps"), problem("two", "heaps", "graphs")
    for n, outcome in enumerate((Outcome.FAILED, Outcome.FAILED, Outcome.SOLVED)):
        before = Attempt(UUID(int=n), one.slug, Round.CODING, outcome, after(n))
        standing = practise(standing, before, one).standing
    attempt = Attempt(
        UUID(int=9), two.slug, Round.CODING, Outcome.FAILED, after(9), culprit_skill="graphs"
    )
    consequence = practise(standing, attempt, two)
    assert 0.0 < abs(consequence.observation.skill_changes["heaps"]) < 0.005
    assert "Heaps" not in consequence.explain(graph(skill("heaps"), skill("graphs")))


def test_a_failure_that_raises_a_skill_says_why() -> None:
    line = told(Outcome.FAILED, Difficulty.HARD, Outcome.GAVE_UP, Outcome.GAVE_UP)
    assert "failed: Heaps +" in line
    assert line.endswith(" (a real attempt at a hard one counts for the skill)")


@pytest.mark.parametrize("outcome", [Outcome.SOLVED, Outcome.SOLVED_WITH_HINTS, Outcome.GAVE_UP])
def test_nothing_odd_is_said_where_nothing_is_odd(outcome: Outcome) -> None:
    assert "(" not in told(outcome, Difficulty.EASY, Outcome.SOLVED)


def test_a_prediction_that_rests_on_no_attempt_is_called_a_guess() -> None:
    assert told(Outcome.SOLVED, Difficulty.EASY).endswith(" (the prediction was a guess)")
