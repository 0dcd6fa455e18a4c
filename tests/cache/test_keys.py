from datetime import UTC, date, datetime
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.cache import cache_key

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters())
    | st.binary()
    | st.uuids()
    | st.dates()
)
parts = st.recursive(scalars, lambda inner: st.lists(inner).map(tuple), max_leaves=8)


@given(parts, parts)
def test_two_questions_share_a_key_only_if_they_are_the_same(one: object, other: object) -> None:
    same = repr(one) == repr(other)

    assert (cache_key("ada", 1, one) == cache_key("ada", 1, other)) is same


@given(st.text(), st.sets(st.integers(0, 20)), st.sets(st.integers(0, 20)))
def test_the_same_letters_cut_differently_are_different_questions(
    text: str, cuts: set[int], other_cuts: set[int]
) -> None:
    one, other = _cut(text, cuts), _cut(text, other_cuts)

    assert (cache_key("ada", 1, *one) == cache_key("ada", 1, *other)) is (one == other)


def _cut(text: str, cuts: set[int]) -> list[str]:
    places = [0, *sorted(cuts), len(text)]
    return [text[start:end] for start, end in pairwise(places)]


def test_learner_and_generation_are_part_of_the_key() -> None:
    keys = {cache_key(who, generation, "q") for who in ("ada", "bob") for generation in (1, 2, 12)}

    assert len(keys) == 6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, "1"),
        (1, True),
        (1, 1.0),
        (0, None),
        ("", None),
        ("", b""),
        ((), ""),
        (("a", "b"), ("a", ("b",))),
        (("a", "b"), ("asb",)),
        (("a", "b"), ("as1:b",)),
        (date(2026, 1, 2), "2026-01-02"),
        (date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)),
        (UUID(int=1), str(UUID(int=1))),
        ({"a": 1}, {"a": 2}),
        ({"a"}, ("a",)),
    ],
)
def test_values_that_print_alike_are_told_apart(one: object, other: object) -> None:
    assert cache_key("ada", 1, one) != cache_key("ada", 1, other)


def test_the_order_of_a_set_or_mapping_does_not_matter() -> None:
    one = cache_key("ada", 1, {"k": 5, "tags": frozenset({"dp", "graph", "heap"})})
    other = cache_key("ada", 1, {"tags": frozenset({"heap", "graph", "dp"}), "k": 5})

    assert one == other


def test_half_a_surrogate_pair_is_a_letter_like_any_other() -> None:
    assert cache_key("ada", 1, "\ud800") != cache_key("ada", 1, "\ud801")


def test_an_object_with_unknown_content_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot hold a object"):
        cache_key("ada", 1, object())


def test_a_key_tells_nothing_of_the_question() -> None:
    assert cache_key("ada", 7, "why do I fail?").isalnum()
    assert len(cache_key("ada", 7, "why do I fail?")) == 64
