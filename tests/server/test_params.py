"""Arguments as models send them: lists as lists, as JSON text, or as bare words."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from maang_mcp.domain.attempt import Mistake
from maang_mcp.server.params import DimensionScore, Mistakes


@pytest.mark.parametrize(
    ("sent", "quotes"),
    [
        (["one, two", "three"], ("one, two", "three")),
        ('["one, two", "three"]', ("one, two", "three")),
        ("first I sort, then I sweep", ("first I sort, then I sweep",)),
        ("[sic] that is what I said", ("[sic] that is what I said",)),
    ],
)
def test_a_comma_belongs_to_the_quote(sent: Any, quotes: tuple[str, ...]) -> None:
    score = {"dimension": "testing", "score": 3, "evidence": sent}
    assert TypeAdapter(DimensionScore).validate_python(score).evidence == quotes


@pytest.mark.parametrize(
    "sent", [["boundary", "rigor"], '["boundary", "rigor"]', "boundary, rigor", "boundary,rigor"]
)
def test_words_may_come_as_a_list_as_json_or_between_commas(sent: Any) -> None:
    assert TypeAdapter(Mistakes).validate_python(sent) == (Mistake.BOUNDARY, Mistake.RIGOR)
