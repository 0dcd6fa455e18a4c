"""What the interpreter lacks and plain code can be: source that is run before the candidate's.

Only what a program uses is put before it. Every name begins with `_sandbox_`, except the two node
classes that a practice site provides too. The functions do what CPython's of the same name do, and
raise what those raise.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from . import heaps, ordering
from .substitutes import OPERATORS, SOURCES, UNARY_OPERATORS

PREFIX: Final = "_sandbox_"

HARNESS: Final = """
class ListNode:
    def __init__(self, val=0, next=None):
        self.val = val
        self.next = next
class TreeNode:
    def __init__(self, val=0, left=None, right=None):
        self.val = val
        self.left = left
        self.right = right
def _sandbox_build(shape, value, ListNode=ListNode, TreeNode=TreeNode):
    if shape == 'tree':
        if not value:
            return None
        root = TreeNode(value[0])
        parents, at = [root], 1
        while parents and at < len(value):
            children = []
            for parent in parents:
                if at < len(value) and value[at] is not None:
                    parent.left = TreeNode(value[at])
                    children.append(parent.left)
                if at + 1 < len(value) and value[at + 1] is not None:
                    parent.right = TreeNode(value[at + 1])
                    children.append(parent.right)
                at += 2
            parents = children
        return root
    if shape == 'value':
        return value
    values, back = value if shape == 'cyclic_list' else (value, -1)
    nodes = [ListNode(item) for item in values]
    for at in range(len(nodes) - 1):
        nodes[at].next = nodes[at + 1]
    if back >= 0:
        nodes[-1].next = nodes[back]
    return nodes[0] if nodes else None
def _sandbox_read(shape, value, id=id, ValueError=ValueError):
    if shape == 'value':
        return value
    if shape == 'tree':
        found, level, seen = [], [value], set()
        while level:
            below = []
            for node in level:
                if node is None:
                    found.append(None)
                    continue
                if id(node) in seen:
                    raise ValueError('the tree that is returned holds a node twice')
                seen.add(id(node))
                found.append(node.val)
                below.append(node.left)
                below.append(node.right)
            level = below
        while found and found[-1] is None:
            found.pop()
        return found
    found, seen = [], {}
    while value is not None:
        if id(value) in seen:
            if shape == 'cyclic_list':
                return found, seen[id(value)]
            raise ValueError('the linked list that is returned has a cycle')
        seen[id(value)] = len(found)
        found.append(value.val)
        value = value.next
    return (found, -1) if shape == 'cyclic_list' else found
_sandbox_met = set()
def _sandbox_doubt(number):
    if number not in _sandbox_met:
        _sandbox_met.add(number)
        _sandbox_tell(number)
def _sandbox_call(entry, given, takes, gives, in_place):
    given = [_sandbox_build(shape, value) for shape, value in zip(takes, given)]
    answer = entry(*given)
    return _sandbox_read(gives, given[0] if in_place else answer)
def _sandbox_play(made, calls, hasattr=hasattr, getattr=getattr):
    thing, answers = made(*calls[0][1:]), [None]
    for name, *given in calls[1:]:
        if not hasattr(thing, name):
            words = name.split('_')
            camel = words[0] + ''.join([word[:1].upper() + word[1:] for word in words[1:]])
            snake = ''.join(['_' + c.lower() if c.isupper() else c for c in name])
            name = camel if hasattr(thing, camel) else snake if hasattr(thing, snake) else name
        answers.append(getattr(thing, name)(*given))
    return answers
"""
"""Turns what a test holds into arguments, calls the entry, and reads its answer back."""


def _operators() -> dict[str, str]:
    return {
        **{name: f"(lambda a, b: {code})" for name, code in OPERATORS.items()},
        **{name: f"(lambda a: {code})" for name, code in UNARY_OPERATORS.items()},
        "itemgetter": "_sandbox_itemgetter",
        "attrgetter": "_sandbox_attrgetter",
    }


def _named(*names: str) -> dict[str, str]:
    return {name: PREFIX + name for name in names}


REPLACED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "heapq": _named(
            "heappush", "heappop", "heapify", "heappushpop", "heapreplace", "nsmallest",
            "nlargest", "merge",
        ),
        "operator": _operators(),
        "string": {
            name: repr(getattr(string, name)) for name in string.__all__ if name.islower()
            and isinstance(getattr(string, name), str)
        },
        "functools": _named("cmp_to_key", "total_ordering", "wraps"),
        "collections": _named("OrderedDict"),
        "sys": {"setrecursionlimit": "_sandbox_ignored"},
        "typing": {"TypeVar": "_sandbox_ignored", "cast": "(lambda kind, value: value)"},
    }
)  # fmt: skip
"""By module and name: the expression that stands for it."""

_ORDERING = frozenset(
    PREFIX + name
    for name in (
        "cmp_to_key", "total_ordering", "sorted", "sort", "min", "max", "less", "less_equal",
        "greater", "greater_equal",
    )
)  # fmt: skip
HEAPS = frozenset(REPLACED["heapq"].values())


def source_of(names: Iterable[str]) -> str:
    """What defines these names, and what that needs."""
    wanted = set(names)
    parts = [HARNESS]
    if wanted & _ORDERING:
        parts.append(ordering.SOURCE)
    if wanted & HEAPS:
        parts.append(heaps.SOURCE)
    return "".join(parts + [SOURCES[name] for name in sorted(wanted & set(SOURCES))]) + "\nNone\n"
