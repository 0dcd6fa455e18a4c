"""Planted weaknesses through the tools: what they tell is what the model says."""

from __future__ import annotations

import pytest

from benchmarks.planted.tools import Comparison, drawn, through_tools
from db import Store


@pytest.mark.parametrize("number", [0, 1])
async def test_the_tools_say_of_a_candidate_what_the_model_says(store: Store, number: int) -> None:
    candidate = drawn(seed=3, number=number)
    found = await through_tools(store, candidate, f"3:{number}", attempts=25)
    assert found.differences == []
    assert found.untested_named == []
    assert found.answers > 5 * 25


def test_an_answer_that_differs_is_noted() -> None:
    found = Comparison()
    found.expect("report after 10", 0.5, 0.5)
    found.expect("report after 20", 0.5, 0.6)
    assert found.answers == 2
    assert found.differences == ["report after 20: told 0.5, model 0.6"]
