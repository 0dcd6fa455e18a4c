"""Comparisons and sorting, for programs whose objects define their own order."""

from __future__ import annotations

import ast
from typing import Final

from .prelude import PREFIX

_FUNCTIONS: Final = {
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
}
_SORTING: Final = frozenset({"sorted", "min", "max"})


class Growing(ast.NodeTransformer):
    """`xs += ys` takes whatever can be iterated when `xs` is a list.

    It makes every `+=` slower, so only a program that needs it is rewritten.
    """

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if isinstance(node.op, ast.Add) and _is_plain(node.target):
            grown = ast.parse(ast.unparse(node.target), mode="eval").body
            function = ast.Name(PREFIX + "addend", ast.Load())
            node.value = ast.Call(function, [grown, node.value], [])
        return node


class Sorting(ast.NodeTransformer):
    """`sorted`, `min`, `max` and `.sort` become functions that take the key of `cmp_to_key`."""

    def __init__(self, bound: set[str]) -> None:
        self._replaced = _SORTING - bound

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self._replaced and isinstance(node.ctx, ast.Load):
            return ast.copy_location(ast.Name(PREFIX + node.id, ast.Load()), node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        method = node.func
        if isinstance(method, ast.Attribute) and method.attr == "sort" and not node.args:
            function = ast.Name(PREFIX + "sort", ast.Load())
            return ast.copy_location(ast.Call(function, [method.value], node.keywords), node)
        return node


class Comparing(Sorting):
    """Also `<`, `<=`, `>` and `>=`, which become functions that ask the objects."""

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        pairs = list(zip([node.left, *node.comparators], node.comparators, strict=False))
        if not any(type(op) in _FUNCTIONS for op in node.ops):
            return node
        if any(not _is_plain(middle) for middle in node.comparators[:-1]):
            return node  # it would be evaluated twice
        found: list[ast.expr] = []
        for op, (left, right) in zip(node.ops, pairs, strict=True):
            if name := _FUNCTIONS.get(type(op)):
                found.append(ast.Call(ast.Name(PREFIX + name, ast.Load()), [left, right], []))
            else:
                found.append(ast.Compare(left, [op], [right]))
        whole = found[0] if len(found) == 1 else ast.BoolOp(ast.And(), found)
        return ast.copy_location(whole, node)


def _is_plain(node: ast.expr) -> bool:
    return not any(
        isinstance(part, (ast.Call, ast.NamedExpr, ast.Await)) for part in ast.walk(node)
    )
