"""Arguments as models send them: lists as lists, as JSON text, or as bare words."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from maang_mcp.domain.attempt import Mistake
from maang_mcp.server.params import LONGEST_QUERY, DimensionScore, Mistakes, Query


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


def test_a_question_has_a_length_at_which_it_is_refused() -> None:
    """Reading one costs the event loop time in proportion to its length."""
    question: TypeAdapter[str] = TypeAdapter(Query)
    assert question.validate_python("why? " * (LONGEST_QUERY // 5))
    with pytest.raises(ValidationError, match="at most 8000"):
        question.validate_python("x" * (LONGEST_QUERY + 1))
