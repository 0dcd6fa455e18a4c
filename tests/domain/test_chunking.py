"""Cutting text into passages."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.chunking import Span, count_tokens, split

PROSE = st.text(alphabet="ab .\n,;(漢_", max_size=600) | st.text(max_size=200)


@given(PROSE, st.integers(16, 60), st.integers(0, 7))
def test_spans_cover_all_of_the_text_in_order(text: str, target: int, overlap: int) -> None:
    spans = split(text, target, overlap)
    if not text.strip():
        assert spans == []
        return
    assert spans[0].start == 0
    assert spans[-1].end == len(text)
    for before, after in pairwise(spans):
        assert before.start < after.start <= before.end < after.end


@given(PROSE, st.integers(16, 60), st.integers(0, 7))
def test_no_span_exceeds_the_target(text: str, target: int, overlap: int) -> None:
    assert all(
        count_tokens(text[span.start : span.end]) <= target for span in split(text, target, overlap)
    )


@given(st.text(alphabet="ab .\n", max_size=400))
def test_neighbours_share_at_most_the_overlap(text: str) -> None:
    spans = split(text, 20, 6)
    for before, after in pairwise(spans):
        assert count_tokens(text[after.start : before.end]) <= 6


def test_a_short_text_is_one_span() -> None:
    assert split("Use two pointers.") == [Span(0, 17)]


def test_a_cut_prefers_a_paragraph_to_a_sentence_and_a_sentence_to_a_word() -> None:
    sentence = "one two three four five six. "
    paragraphs = f"{sentence * 2}{sentence.strip()}\n\n{sentence * 3}".strip()
    first, second = split(paragraphs, 30, 0)
    assert paragraphs[first.start : first.end].endswith("six.\n\n")
    assert paragraphs[second.start :].startswith("one two")
    sentences = (sentence * 6).strip()
    assert all(sentences[span.start :].startswith("one") for span in split(sentences, 30, 0))


def test_a_cut_inside_a_paragraph_repeats_its_last_sentence() -> None:
    sentence = "one two three four five six. "
    spans = split((sentence * 9).strip(), 30, 8)
    assert len(spans) > 2
    for before, after in pairwise(spans):
        assert before.end - after.start == len(sentence)


def test_a_paragraph_is_not_repeated() -> None:
    paragraph = "one two three four five six seven eight nine ten.\n\n"
    spans = split(paragraph * 4, 16, 6)
    assert [span.start for span in spans] == [i * len(paragraph) for i in range(4)]


def test_a_word_without_end_is_cut_all_the_same() -> None:
    spans = split("x" * 5000)
    assert len(spans) > 2
    assert spans[-1].end == 5000


@pytest.mark.parametrize(("target", "overlap"), [(15, 0), (40, 20), (40, -1)])
def test_sizes_that_make_no_sense_are_refused(target: int, overlap: int) -> None:
    with pytest.raises(ValueError, match="target_tokens"):
        split("text", target, overlap)
