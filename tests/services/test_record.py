"""What is on record outlives the catalogue it was recorded from."""

from __future__ import annotations

from maang_mcp.content.loader import skill_graph
from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.problem import custom_problem
from maang_mcp.services.record import practised


def test_a_problem_that_is_no_longer_shipped_keeps_its_name() -> None:
    emptied = Catalogue((), skill_graph())
    assert practised("two-sum", emptied, {}).slug == "two-sum"


def test_the_learners_own_problem_comes_before_a_bare_name() -> None:
    own = custom_problem("Elevator scheduler", skills=("heap",))
    found = practised(own.slug, Catalogue((), skill_graph()), {own.slug: own})
    assert found.skills == ("heap",)
