"""The source put before a candidate's program does what CPython's own modules do.

It is plain Python, so it is run here by CPython; that the interpreter runs it the same way is what
the tests of the dialect and of the bank show.
"""

from __future__ import annotations

import functools
import heapq
import operator
from collections import OrderedDict, deque
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.sandbox import ordering
from maang_mcp.sandbox.prelude import PREFIX, REPLACED, source_of
from maang_mcp.sandbox.substitutes import OPERATORS, SOURCES, UNARY_OPERATORS

OURS: dict[str, Any] = {}
exec(source_of({*SOURCES, *REPLACED["heapq"].values(), PREFIX + "sorted"}), OURS)

numbers = st.lists(st.integers(-5, 5), max_size=30)


def ours(name: str) -> Any:
    return OURS[PREFIX + name]


def outcome(function: Any, *args: Any, **named: Any) -> Any:
    """What it returns, or the kind of error it raises."""
    try:
        return function(*args, **named)
    except Exception as error:
        return type(error)


@given(
    start=numbers,
    steps=st.lists(
        st.tuples(
            st.sampled_from(["heappush", "heappop", "heappushpop", "heapreplace", "heapify"]),
            st.integers(-5, 5),
        ),
        max_size=30,
    ),
)
def test_a_heap_is_item_for_item_the_one_that_heapq_makes(
    start: list[int], steps: list[tuple[str, int]]
) -> None:
    theirs, mine = list(start), list(start)
    heapq.heapify(theirs)
    ours("heapify")(mine)
    for name, item in steps:
        args = [] if name in ("heappop", "heapify") else [item]
        assert outcome(ours(name), mine, *args) == outcome(getattr(heapq, name), theirs, *args)
        assert mine == theirs


@given(st.integers(-1, 12), numbers, st.sampled_from([None, abs, lambda x: x % 3]))
def test_the_largest_and_smallest_are_those_of_heapq(n: int, xs: list[int], key: Any) -> None:
    assert ours("nlargest")(n, xs, key=key) == heapq.nlargest(n, xs, key=key)
    assert ours("nsmallest")(n, xs, key=key) == heapq.nsmallest(n, xs, key=key)


@given(st.lists(numbers, max_size=5), st.sampled_from([None, abs]), st.booleans())
def test_merging_keeps_the_order_of_heapq(lists: list[list[int]], key: Any, reverse: bool) -> None:
    parts = [[(x, at) for x in sorted(xs, key=key, reverse=reverse)] for at, xs in enumerate(lists)]
    by = (lambda pair: key(pair[0])) if key else (lambda pair: pair[0])
    merged = list(ours("merge")(*parts, key=by, reverse=reverse))
    assert merged == list(heapq.merge(*parts, key=by, reverse=reverse))


class Card:
    """Ordered by its rank alone, so that a sort that is not stable shows."""

    def __init__(self, rank: int, at: int) -> None:
        self.rank = rank
        self.at = at

    def __lt__(self, other: Card) -> bool:
        return self.rank < other.rank


def without_native_sorting() -> dict[str, Any]:
    def sorted(*args: Any, **named: Any) -> Any:
        raise TypeError

    room: dict[str, Any] = {"sorted": sorted}
    exec(ordering.SOURCE, room)
    return room


MERGING = without_native_sorting()


@given(numbers, st.booleans())
def test_sorting_by_comparison_is_stable_both_ways(ranks: list[int], reverse: bool) -> None:
    cards = [Card(rank, at) for at, rank in enumerate(ranks)]
    mine = MERGING[PREFIX + "sorted"](cards, reverse=reverse)
    assert [card.at for card in mine] == [card.at for card in sorted(cards, reverse=reverse)]
    nested = [(0, card) for card in cards]
    mine = MERGING[PREFIX + "sorted"](nested, reverse=reverse)
    assert [card.at for _, card in mine] == [card.at for card in sorted(cards, reverse=reverse)]


def by_remainder(a: int, b: int) -> int:
    return a % 3 - b % 3


@given(numbers, st.booleans())
def test_a_comparison_is_a_key(xs: list[int], reverse: bool) -> None:
    theirs = functools.cmp_to_key(by_remainder)
    mine = MERGING[PREFIX + "cmp_to_key"](by_remainder)
    found = MERGING[PREFIX + "sorted"](xs, key=mine, reverse=reverse)
    assert found == sorted(xs, key=theirs, reverse=reverse)
    for name, native in (("min", min), ("max", max)):
        chosen = outcome(MERGING[PREFIX + name], xs, key=mine)
        assert chosen == outcome(native, xs, key=theirs)
        assert MERGING[PREFIX + name](xs, key=mine, default=9) == native(xs, key=theirs, default=9)


@given(numbers, st.integers(-8, 8))
def test_deleting_one_item_is_del(xs: list[int], at: int) -> None:
    for kind in (list, deque, lambda items: dict.fromkeys(items, 0)):
        mine, theirs = kind(xs), kind(xs)
        assert outcome(ours("delete"), mine, at) == outcome(operator.delitem, theirs, at)
        assert mine == theirs


ends = st.one_of(st.none(), st.integers(-8, 8))


@given(numbers, ends, ends, st.one_of(st.none(), st.integers(-3, 3).filter(bool)))
def test_deleting_a_slice_is_del(
    xs: list[int], start: int | None, stop: int | None, step: int | None
) -> None:
    mine, theirs = list(xs), list(xs)
    ours("delete")(mine, slice(start, stop, step))
    del theirs[start:stop:step]
    assert mine == theirs


@given(st.integers())
def test_bits_are_counted_as_integers_do(x: int) -> None:
    class Hidden(int):
        """An integer whose methods the interpreter would not know."""

        def __getattribute__(self, name: str) -> Any:
            raise AttributeError(name)

    assert ours("bit_length")(Hidden(x)) == x.bit_length()
    assert ours("bit_count")(Hidden(x)) == x.bit_count()


@given(st.integers(), st.integers(-9, 9), st.integers(-30, 30).filter(bool))
def test_powers_with_a_modulus_are_those_of_python(base: int, power: int, modulus: int) -> None:
    assert outcome(ours("pow"), base, power, modulus) == outcome(pow, base, power, modulus)


@given(st.floats() | st.integers())
def test_a_whole_number_is_one(x: float) -> None:
    class Hidden:
        """A number whose methods the interpreter would not know."""

        def __sub__(self, other: Any) -> float:
            return x - x

        def __int__(self) -> int:
            return int(x)

        def __eq__(self, other: object) -> bool:
            return x == other

    assert ours("is_integer")(Hidden()) == (isinstance(x, int) or x.is_integer())


@given(st.sets(st.integers(0, 5)), st.lists(st.lists(st.integers(0, 5)), max_size=3))
def test_sets_change_in_place_as_sets_do(xs: set[int], others: list[list[int]]) -> None:
    hidden = type("Hidden", (set,), {"__getattribute__": _without_updates})
    for name in ("union", "intersection", "difference"):
        assert ours(name)(xs, *others) == getattr(xs, name)(*others)
        assert xs == set(xs)
    for name in ("difference_update", "intersection_update", "update"):
        mine, theirs = hidden(xs), set(xs)
        ours(name)(mine, *others)
        getattr(theirs, name)(*others)
        assert mine == theirs
    for other in others:
        mine, theirs = hidden(xs), set(xs)
        ours("symmetric_difference_update")(mine, other)
        theirs.symmetric_difference_update(other)
        assert mine == theirs


def _without_updates(self: Any, name: str) -> Any:
    if name.endswith("_update"):
        raise AttributeError(name)
    return set.__getattribute__(self, name)


STEPS = st.one_of(
    st.tuples(st.just("__setitem__"), st.integers(0, 4), st.integers()),
    st.tuples(st.sampled_from(["__getitem__", "__delitem__", "pop", "get", "__contains__"]),
              st.integers(0, 4)),
    st.tuples(st.sampled_from(["move_to_end", "pop", "setdefault"]), st.integers(0, 4),
              st.booleans()),
    st.tuples(st.just("popitem"), st.booleans()),
    st.tuples(st.sampled_from(["popitem", "clear", "__len__"])),
)  # fmt: skip


@given(st.lists(STEPS, max_size=25))
def test_an_ordered_dict_is_one(steps: list[tuple[Any, ...]]) -> None:
    mine, theirs = ours("OrderedDict")(), OrderedDict[int, int]()
    for name, *args in steps:
        assert outcome(getattr(mine, name), *args) == outcome(getattr(theirs, name), *args)
        assert list(mine) == list(theirs)
        assert list(mine.items()) == list(theirs.items())
        assert mine == ours("OrderedDict")(theirs)


@given(st.integers(-9, 9), st.integers(1, 5))
def test_operators_are_those_of_the_module(a: int, b: int) -> None:
    for name, source in OPERATORS.items():
        operands: dict[str, tuple[Any, Any]] = {
            "getitem": ([5] * 9, b),
            "contains": ([a, b], b),
            "concat": ([a], [b]),
        }
        x, y = operands.get(name, (a, b))
        assert eval(f"(lambda a, b: {source})")(x, y) == getattr(operator, name)(x, y)
    for name, source in UNARY_OPERATORS.items():
        assert eval(f"(lambda a: {source})")(a) == getattr(operator, name)(a)


@given(numbers, st.integers(-5, 5))
def test_a_search_stops_where_it_has_found(xs: list[int], wanted: int) -> None:
    seen: list[int] = []

    def look(x: int) -> tuple[int] | None:
        seen.append(x)
        return (x,) if x == wanted else None

    box = ours("first")(look, xs)
    assert box == ((wanted,) if wanted in xs else None)
    assert seen == (xs[: xs.index(wanted) + 1] if wanted in xs else xs)


trees = st.recursive(
    st.none(), lambda below: st.tuples(st.integers(0, 9), below, below), max_leaves=12
)


def levels(tree: Any) -> list[int | None]:
    """The usual way to write a tree, made by itself."""
    found: list[int | None] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop(0)
        found.append(node[0] if node else None)
        waiting += list(node[1:]) if node else []
    while found and found[-1] is None:
        found.pop()
    return found


@given(trees)
def test_a_tree_is_read_back_as_it_was_written(tree: Any) -> None:
    written = levels(tree)
    built = ours("build")("tree", written)

    def nested(node: Any) -> Any:
        return None if node is None else (node.val, nested(node.left), nested(node.right))

    assert nested(built) == tree
    assert ours("read")("tree", built) == written


@given(numbers, st.data())
def test_lists_with_and_without_a_cycle_are_read_back(xs: list[int], data: st.DataObject) -> None:
    assert ours("read")("linked_list", ours("build")("linked_list", xs)) == xs
    back = data.draw(st.integers(-1, len(xs) - 1))
    cyclic = ours("build")("cyclic_list", (xs, back))
    assert ours("read")("cyclic_list", cyclic) == (xs, back)
    if back >= 0:
        with pytest.raises(ValueError, match="cycle"):
            ours("read")("linked_list", cyclic)


def test_a_tree_that_holds_a_node_twice_is_no_tree() -> None:
    root = ours("build")("tree", [1, 2])
    root.right = root
    with pytest.raises(ValueError, match="twice"):
        ours("read")("tree", root)


def test_every_name_that_stands_for_another_is_defined() -> None:
    for names in REPLACED.values():
        for expression in names.values():
            if expression.startswith(PREFIX):
                exec(source_of({expression}) + expression, {})
