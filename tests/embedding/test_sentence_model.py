"""How texts share a run of the model."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.embedding.sentence_model import _BATCH_TOKENS, MAX_TOKENS, _batches

LENGTHS = st.lists(st.integers(min_value=2, max_value=MAX_TOKENS), max_size=40)


@given(LENGTHS)
def test_batches_hold_every_text_in_order_and_never_too_many_tokens(lengths: list[int]) -> None:
    encoded = [[7] * length for length in lengths]

    batches = list(_batches(encoded))

    assert [text for batch in batches for text in batch] == encoded
    for batch in batches:
        assert len(batch) * max(map(len, batch)) <= _BATCH_TOKENS


@given(LENGTHS)
def test_a_batch_is_closed_only_when_the_next_text_does_not_fit(lengths: list[int]) -> None:
    batches = list(_batches([[7] * length for length in lengths]))

    for batch, following in pairwise(batches):
        longest = max(map(len, [*batch, following[0]]))
        assert (len(batch) + 1) * longest > _BATCH_TOKENS
