from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.cli.stdio import without_lone_surrogates

HALVES = st.characters(categories=["Cs"])
TEXTS = st.text(st.characters() | HALVES | st.sampled_from('\\u"dD89'))


@given(text=TEXTS)
def test_half_a_character_is_replaced_and_whatever_else_a_text_holds_is_kept(text: str) -> None:
    read = json.loads(without_lone_surrogates(json.dumps(text)))
    # two halves that fit are one character once they are escapes beside each other
    assert read == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@given(text=st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('\\u"dD89')))
def test_a_line_without_half_a_character_stays_as_it_is(text: str) -> None:
    line = json.dumps(text)
    assert without_lone_surrogates(line) == line
