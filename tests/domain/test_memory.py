"""Memories and the passages they are found by."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.lexical import terms
from maang_mcp.domain.memory import MemoryKind, passages_of

from .memories import memory, turn


def test_a_short_note_is_one_passage_with_kind_title_and_tags_in_it() -> None:
    record = memory(kind=MemoryKind.LESSON, title="Windows", content="Shrink.", tags=("arrays",))
    (passage,) = passages_of(record)
    assert passage.dense_text == "lesson Windows arrays\nShrink."
    assert record.content[passage.start : passage.end] == "Shrink."


def test_the_date_is_indexed_but_not_embedded() -> None:
    (passage,) = passages_of(memory(occurred_at=datetime(2025, 5, 8, tzinfo=UTC)))
    assert passage.lexical_text.endswith("\n8 May 2025")
    assert "May" not in passage.dense_text


def test_what_a_record_is_about_is_a_passage_of_its_own() -> None:
    about, note = passages_of(memory(content="Off by one."), about="Two Sum; pair to a target")
    assert (about.chunk, about.start, about.end) == (0, 0, 0)
    assert "pair to a target" in about.dense_text
    assert "Off by one." not in about.dense_text
    assert (note.chunk, note.start, note.end) == (1, 0, 11)
    assert "pair" not in note.dense_text


def test_what_a_record_is_about_is_embedded_alone_and_indexed_with_its_further_names() -> None:
    record = memory(title="Monday", content="Off by one.", tags=("arrays",))
    about, _ = passages_of(record, about="Two Sum. Pair to a target.", names="2sum hashing")
    assert about.dense_text == "Two Sum. Pair to a target."
    assert set(terms("Monday arrays 2sum hashing target")) <= set(terms(about.lexical_text))


def test_names_alone_make_no_passage() -> None:
    assert len(passages_of(memory(), names="2sum")) == 1


def test_a_long_record_is_cut_and_every_passage_carries_its_heading() -> None:
    record = memory(title="System design", content="A sentence about queues. " * 200)
    passages = passages_of(record)
    assert len(passages) > 3
    assert [passage.chunk for passage in passages] == list(range(len(passages)))
    assert all(passage.dense_text.startswith("note System design\n") for passage in passages)


def test_a_turn_is_embedded_with_the_two_before_it_but_its_own_words_weigh_more() -> None:
    turns = [turn(n, content=f"line {n}", speaker=f"S{n}") for n in range(4)]
    (passage,) = passages_of(turns[3], previous=turns[:3])
    assert passage.dense_text == "S3: line 3\nS3: line 3\nS1: line 1\nS2: line 2"
    assert "line 2" not in passage.lexical_text
    assert "S3: line 3" in passage.lexical_text


def test_what_a_turn_is_about_is_embedded_without_the_turns_before() -> None:
    about, _ = passages_of(turn(2), about="Two Sum", previous=[turn(1, content="before")])
    assert "before" not in about.dense_text


def test_a_title_made_of_the_opening_words_is_not_counted_twice() -> None:
    record = memory(title="Shrink the window...", content="Shrink the window while invalid.")
    (passage,) = passages_of(record)
    assert terms(passage.lexical_text).count("shrink") == 1


def test_an_empty_record_can_still_be_found_by_its_heading() -> None:
    (passage,) = passages_of(memory(content="", title="Resume", kind=MemoryKind.RESUME))
    assert set(terms("resume")) <= set(terms(passage.lexical_text))


@given(st.text(max_size=2000), st.text(max_size=50))
def test_the_passages_of_any_record_cover_its_content(content: str, about: str) -> None:
    passages = passages_of(memory(content=content), about=about)
    covered = {i for passage in passages for i in range(passage.start, passage.end)}
    assert covered == set(range(len(content)))
    assert [passage.chunk for passage in passages] == list(range(len(passages)))
