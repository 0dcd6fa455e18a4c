"""Long text in parts."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from maang_mcp.domain.scrubbing import FENCE_CLOSE, FENCE_OPEN, clean_text, fence
from maang_mcp.services.parts import parts

SIZE = 40
MARKERS = len(f"{FENCE_OPEN}\n\n{FENCE_CLOSE}".encode()) + 4  # quotes, and two \n in two bytes

ANY = st.text().map(clean_text)
AWKWARD = st.text(st.sampled_from('<|s>"\\\n 😀é'), max_size=400)


@given(text=ANY | AWKWARD)
def test_joined_the_parts_are_the_text(text: str) -> None:
    assert "".join(parts(text, SIZE)) == text


@given(text=ANY | AWKWARD)
@example(text="<|" * 100)
def test_each_part_fits_as_it_is_answered(text: str) -> None:
    for part in parts(text, SIZE):
        assert len(TypeAdapter(str).dump_json(fence(part))) <= SIZE + MARKERS


def test_a_short_text_is_one_part() -> None:
    assert parts("Sweep it.") == ["Sweep it."]


def test_parts_end_where_a_line_does() -> None:
    lines = "".join(f"{number:08}\n" for number in range(40))
    assert all(part.endswith("\n") for part in parts(lines, 100))


def test_a_line_without_end_is_cut_between_words() -> None:
    assert all(part.endswith(" ") for part in parts("deque " * 100, SIZE))


def test_parts_are_about_the_same_length() -> None:
    lengths = [len(part) for part in parts("x" * 109_000)]
    assert lengths == [27_250] * 4
