"""Laziness: the interpreter makes lists of generator expressions, `map`, `zip` and their kin.

Where nobody could tell, they stay. `any`, `all` and `next` would look at too much, and become a
search that stops; what is kept in a variable becomes an iterator, which is used up once.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

from .prelude import PREFIX

LAZY: Final = frozenset({"map", "filter", "zip", "enumerate", "reversed"})
_CONSUMERS: Final = LAZY | {
    "list", "tuple", "set", "frozenset", "dict", "sorted", "sum", "min", "max", "any", "all",
    "deque", "Counter", "len", "iter",
}  # fmt: skip
_CONSUMING_METHODS: Final = frozenset(
    {
        "join", "extend", "update", "union", "intersection", "difference", "extendleft", "issubset",
        "issuperset", "isdisjoint", "fromkeys", "intersection_update", "difference_update",
        "symmetric_difference", "from_iterable", "Counter", "deque", "subtract",
    }
)  # fmt: skip
_ENDLESS: Final = frozenset({"count", "cycle", "repeat"})


def consumed(tree: ast.AST) -> set[int]:
    """The ids of the expressions whose values are used up where they stand."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.comprehension)):
            found.add(id(node.iter))
        elif isinstance(node, (ast.Starred, ast.AugAssign)) or (
            isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Tuple, ast.List))
        ):
            found.add(id(node.value))
        elif isinstance(node, ast.Compare) and isinstance(node.ops[-1], (ast.In, ast.NotIn)):
            found.add(id(node.comparators[-1]))
        elif isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if name in _CONSUMERS or method in _CONSUMING_METHODS:
                found |= {id(given) for given in node.args}
    return found


def endless(tree: ast.AST, modules: Mapping[str, str]) -> set[int]:
    """The ids of the calls of those functions of itertools that never come to an end."""
    aliases = {name for name, module in modules.items() if module == "itertools"}
    names: set[str] = set()
    calls: list[ast.Call] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "itertools":
            names |= {alias.asname or alias.name for alias in node.names if alias.name in _ENDLESS}
        elif isinstance(node, ast.Call):
            calls.append(node)
    return {id(call) for call in calls if _names(call.func, names, aliases)}


def _names(function: ast.expr, names: set[str], aliases: set[str]) -> bool:
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.attr in _ENDLESS and function.value.id in aliases
    return isinstance(function, ast.Name) and function.id in names


def iterator(value: ast.expr) -> ast.expr:
    """`iter(value)`."""
    return ast.Call(ast.Name("iter", ast.Load()), [value], [])


def search(name: str, given: ast.GeneratorExp, default: list[ast.expr]) -> ast.expr | None:
    """`any(...)`, `all(...)` or `next(...)` of a generator expression, stopping where it must.

    None for one that cannot be written as nested functions of the same meaning.
    """
    if any(isinstance(part, ast.NamedExpr) for part in ast.walk(given)):
        return None
    found: ast.expr = ast.Tuple([given.elt], ast.Load())
    if name != "next":
        condition = ast.UnaryOp(ast.Not(), given.elt) if name == "all" else given.elt
        found = ast.IfExp(condition, ast.Tuple([ast.Constant(True)], ast.Load()), _none())
    for loop in reversed(given.generators):
        if loop.is_async:
            return None
        for condition in reversed(loop.ifs):
            found = ast.IfExp(condition, found, _none())
        function = _function(loop.target, found)
        if function is None:
            return None
        found = ast.Call(ast.Name("_sandbox_first", ast.Load()), [function, loop.iter], [])
    if name == "next":
        return ast.Call(ast.Name("_sandbox_next", ast.Load()), [found, *default], [])
    return ast.Compare(found, [ast.Is() if name == "all" else ast.IsNot()], [_none()])


def _none() -> ast.expr:
    return ast.Constant(None)


def _function(target: ast.expr, body: ast.expr) -> ast.expr | None:
    """`lambda target: body`, also for a flat tuple of names."""
    if isinstance(target, ast.Name):
        return _lambda([target.id], body)
    names = [part.id for part in getattr(target, "elts", []) if isinstance(part, ast.Name)]
    if len(names) != len(getattr(target, "elts", [None])):
        return None
    for at, name in enumerate(names):  # `for _, _ in`: the last one is bound
        if name in names[at + 1 :]:
            names[at] = f"{PREFIX}{at}"
    item = PREFIX + "item"
    spread = ast.Starred(ast.Name(item, ast.Load()), ast.Load())
    return _lambda([item], ast.Call(_lambda(names, body), [spread], []))


def _lambda(names: list[str], body: ast.expr) -> ast.Lambda:
    given = ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])
    return ast.Lambda(given, body)
