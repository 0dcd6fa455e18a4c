"""What a candidate imports: left to the interpreter, replaced by our own source, or refused."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterable
from typing import Final

from maang_mcp.domain.checking import CodeProblem

from .prelude import REPLACED
from .program import CannotVerify, NotLoadable

NATIVE: Final = frozenset(
    {
        "base64", "bisect", "collections", "copy", "dataclasses", "datetime", "decimal",
        "functools", "hashlib", "itertools", "json", "math", "os", "random", "re", "sys", "time",
        "typing",
    }
)  # fmt: skip
"""Modules that the interpreter has, though not always all of them."""


def has(module: str, name: str) -> bool:
    """Whether CPython's module has that name; only known, harmless modules are looked into."""
    return module in NATIVE | set(REPLACED) and hasattr(importlib.import_module(module), name)


def _public(module: str) -> list[str]:
    loaded = importlib.import_module(module)
    return list(getattr(loaded, "__all__", [name for name in vars(loaded) if name[0] != "_"]))


class Imports(ast.NodeTransformer):
    """Rewrites import statements and the uses of modules that are replaced.

    `loaded` are the names the program reads anywhere outside annotations: an import that nobody
    uses is dropped. Afterwards `modules` says what each name of a module stands for.
    """

    def __init__(self, loaded: Iterable[str]) -> None:
        self._loaded = frozenset(loaded)
        self.modules: dict[str, str] = {}

    def visit_Import(self, node: ast.Import) -> ast.stmt:
        kept = []
        for alias in node.names:
            bound = alias.asname or alias.name.partition(".")[0]
            if alias.name in NATIVE or alias.name in REPLACED:
                self.modules[bound] = alias.name
            if alias.name in NATIVE:
                kept.append(alias)
            elif alias.name not in REPLACED:
                self._refuse_if_used(alias.name, [bound], node)
        return self._kept(node, ast.Import(names=kept) if kept else None)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> list[ast.stmt]:
        module = node.module or ""
        names = [(alias.name, alias.asname or alias.name) for alias in node.names]
        if module == "__future__":
            return [self._kept(node, None)]
        if node.level or not (module in NATIVE or module in REPLACED):
            self._refuse_if_used("." * node.level + module, [bound for _, bound in names], node)
            return [self._kept(node, None)]
        if names == [("*", "*")]:
            names = [(name, name) for name in _public(module)]
            names = [pair for pair in names if pair[1] in self._loaded]
        found: list[ast.stmt] = []
        for name, bound in names:
            if name in REPLACED.get(module, {}):
                value = ast.parse(REPLACED[module][name], mode="eval").body
                found.append(ast.Assign([ast.Name(bound, ast.Store())], value))
            elif not has(module, name):
                text = f"ImportError: cannot import name '{name}' from '{module}'"
                raise NotLoadable(CodeProblem(text, node.lineno))
            elif bound in self._loaded and module in NATIVE:
                found.append(ast.ImportFrom(module, [ast.alias(name, bound)], 0))
            else:
                self._refuse_if_used(f"{module}.{name}", [bound], node)
        return [self._kept(node, statement) for statement in found or [ast.Pass()]]

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        module = self.modules.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if module is None or module not in REPLACED:
            return node
        if node.attr in REPLACED[module]:
            value = ast.parse(REPLACED[module][node.attr], mode="eval").body
            return ast.copy_location(value, node)
        if module not in NATIVE and has(module, node.attr):
            self._refuse(f"{module}.{node.attr}", node)
        return node

    def _refuse_if_used(self, what: str, bound: Iterable[str], node: ast.stmt) -> None:
        standard = what.partition(".")[0] in sys.stdlib_module_names
        if "*" in bound:  # any name may be one of them
            raise CannotVerify(self._lacked(what, node))
        if not standard or any(name in self._loaded for name in bound):
            self._refuse(what, node)

    def _refuse(self, what: str, node: ast.stmt | ast.expr) -> None:
        raise CannotVerify(self._lacked(what, node), node.lineno)

    def _lacked(self, what: str, node: ast.stmt | ast.expr) -> str:
        return f"The code uses {what} (line {node.lineno}), which the sandbox does not have."

    def _kept(self, node: ast.stmt, statement: ast.stmt | None) -> ast.stmt:
        return ast.copy_location(statement or ast.Pass(), node)
