"""Expressions and statements the interpreter lacks, written as ones it has, with one meaning."""

from __future__ import annotations

import ast
from collections import deque
from dataclasses import dataclass
from typing import Final

from . import lazy
from .places import Place
from .prelude import PREFIX
from .program import CannotVerify
from .reading import Names

_TYPES: Final = (str, list, dict, set, tuple, int, float, bytes, frozenset, deque)
_METHODS: Final = frozenset(
    name for kind in _TYPES for name in dir(kind) if not name.startswith("_")
) - {"real", "imag", "numerator", "denominator", "maxlen"}
_TYPE_NAMES: Final = frozenset(kind.__name__ for kind in _TYPES) - {"deque"}
_OF_TYPES: Final = frozenset({"fromkeys", "maketrans", "from_bytes", "fromhex", "hex"})
_LACKED: Final = frozenset(
    {
        "bit_length", "bit_count", "is_integer", "difference_update", "intersection_update",
        "symmetric_difference_update",
    }
)  # fmt: skip
"""Methods of built-in types that functions of ours stand in for."""

_OF_MANY: Final = frozenset({"union", "intersection", "difference", "update"})
"""Methods of sets that the interpreter has for exactly one argument."""


_SUPER: Final = ast.dump(ast.parse("super().__init__()", mode="eval").body)


@dataclass(slots=True)
class _Uses:
    """How a name is used in one place."""

    is_read_first: bool
    last_read: int = 0  # the line


def _is_read(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


class Rewriting(ast.NodeTransformer):
    """`needs` are the names of ours that the result uses, `doubts` what was left as it is although
    it may not have its meaning.

    Raises CannotVerify for what has no equivalent.
    """

    def __init__(self, tree: ast.Module, names: Names, modules: dict[str, str]) -> None:
        self._names = names
        self._modules = modules
        self._consumed = lazy.consumed(tree)
        self._uses: dict[ast.AST, dict[str, _Uses]] = {}
        self._endless = lazy.endless(tree, modules)
        self._endless_met = 0
        self._called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        self._around: list[ast.AST] = [tree]  # the functions and loops around a statement
        self.needs: set[str] = set()
        self.doubts: list[Place] = []

    def _is_builtin(self, node: ast.expr, *names: str) -> bool:
        return isinstance(node, ast.Name) and node.id in names and node.id not in self._names.bound

    # --- What cannot be.

    def _refuse(self, what: str, node: ast.stmt | ast.expr) -> None:
        raise CannotVerify(
            f"The code uses {what} (line {node.lineno}), which the sandbox cannot run.",
            node.lineno,
        )

    def visit_Yield(self, node: ast.Yield) -> ast.AST:
        self._refuse("yield", node)
        return node

    def visit_YieldFrom(self, node: ast.YieldFrom) -> ast.AST:
        self._refuse("yield from", node)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        self._refuse("async", node)
        return node

    # --- Statements.

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._inside(node)

    def visit_For(self, node: ast.For) -> ast.AST:
        return self._inside(node)

    def visit_While(self, node: ast.While) -> ast.AST:
        return self._inside(node)

    def _inside(self, node: ast.AST) -> ast.AST:
        self._around.append(node)
        self.generic_visit(node)
        self._around.pop()
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        """The part that is for running the file by itself is not run: a judge imports it."""
        self.generic_visit(node)
        if ast.unparse(node.test) in ("__name__ == '__main__'", "'__main__' == __name__"):
            return node.orelse or ast.copy_location(ast.Pass(), node)  # type: ignore[return-value]
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """Who inherits from nobody has nothing to be initialised by `super()`."""
        self.generic_visit(node)
        if ast.dump(node.value) == _SUPER:
            return ast.copy_location(ast.Pass(), node)
        return node

    def visit_Delete(self, node: ast.Delete) -> list[ast.stmt]:
        self.generic_visit(node)
        return [ast.copy_location(self._deleted(target), node) for target in node.targets]

    def _deleted(self, target: ast.expr) -> ast.stmt:
        if isinstance(target, ast.Subscript):
            at = target.slice
            if isinstance(at, ast.Slice):
                ends = [end or ast.Constant(None) for end in (at.lower, at.upper, at.step)]
                at = ast.Call(ast.Name("slice", ast.Load()), ends, [])
            return ast.Expr(self._call("_sandbox_delete", target.value, at))
        if isinstance(target, ast.Name) and not self._is_missed(target):
            return ast.Assign([ast.Name(target.id, ast.Store())], ast.Constant(None))
        self._refuse(f"del {ast.unparse(target)}", target)
        raise AssertionError

    def _is_missed(self, name: ast.Name) -> bool:
        """Whether somebody could read the name after it is deleted."""
        function = max(
            at for at, node in enumerate(self._around) if not isinstance(node, (ast.For, ast.While))
        )
        uses = self._uses_in(self._around[function])
        if uses[name.id].last_read > name.lineno:
            return True
        loops = self._around[function + 1 :]
        return bool(loops) and self._uses_in(loops[0])[name.id].is_read_first  # in its next turn

    def _uses_in(self, place: ast.AST) -> dict[str, _Uses]:
        """How each name is used there; taken down once."""
        found = self._uses.get(place)
        if found is None:
            names = [node for node in ast.walk(place) if isinstance(node, ast.Name)]
            found = self._uses[place] = {}
            for node in sorted(names, key=lambda node: (node.lineno, _is_read(node))):
                use = found.setdefault(node.id, _Uses(is_read_first=_is_read(node)))
                use.last_read = max(use.last_read, node.lineno if _is_read(node) else 0)
        return found

    # --- Expressions.

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        met = self._endless_met
        self.generic_visit(node)
        self._doubt_if_endless(met, node, "a generator expression")
        return node if id(node) in self._consumed else ast.copy_location(lazy.iterator(node), node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if self._is_builtin(node.func, "any", "all", "next") and node.args:
            given = node.args[0]
            if isinstance(given, ast.GeneratorExp):
                return self._search(node, given)
        met = self._endless_met
        self.generic_visit(node)
        self._endless_met += id(node) in self._endless
        if self._is_builtin(node.func, *lazy.LAZY) and node.args:
            name = ast.unparse(node.func)
            if name != "zip":
                self._doubt_if_endless(met, node, name)
            if id(node) not in self._consumed:
                return ast.copy_location(lazy.iterator(node), node)
        if self._is_builtin(node.func, "pow") and len(node.args) == 3:
            return ast.copy_location(self._call("_sandbox_pow", *node.args), node)
        method = node.func
        if not isinstance(method, ast.Attribute) or node.keywords:
            return node
        is_one = len(node.args) == 1 and not isinstance(node.args[0], ast.Starred)
        own = method.attr in self._names.attributes
        if method.attr in _LACKED or (method.attr in _OF_MANY and not is_one and not own):
            made = self._call(PREFIX + method.attr, method.value, *node.args)
            return ast.copy_location(made, node)
        return node

    def _search(self, node: ast.Call, given: ast.GeneratorExp) -> ast.AST:
        name = ast.unparse(node.func)
        met = self._endless_met
        self.generic_visit(given)
        node.args[1:] = [self.visit(default) for default in node.args[1:]]
        found = lazy.search(name, given, node.args[1:])
        if found is None:
            self._doubt_if_endless(met, given, "a generator expression")
            self._doubt(
                f"The code relies on {name} to stop early (line {node.lineno}), "
                "which the sandbox does not do here.",
                node,
            )
            if name == "next":
                node.args[0] = lazy.iterator(given)
            return node
        self.needs |= {"_sandbox_first"} | ({"_sandbox_next"} if name == "next" else set())
        return ast.copy_location(found, node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Methods of built-in types are no values for the interpreter, only callable."""
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load) or node.attr not in _METHODS | _LACKED:
            return node
        if self._is_builtin(node.value, *_TYPE_NAMES) and node.attr not in _OF_TYPES:
            if node.attr in _LACKED | _OF_MANY:
                self.needs.add(PREFIX + node.attr)
                return ast.copy_location(ast.Name(PREFIX + node.attr, ast.Load()), node)
            made = f"(lambda _sandbox_it, *a, **k: _sandbox_it.{node.attr}(*a, **k))"
            return ast.copy_location(ast.parse(made, mode="eval").body, node)
        own = node.attr in self._names.attributes | self._names.words
        module = isinstance(node.value, ast.Name) and node.value.id in self._modules
        if id(node) in self._called or own or module:
            return node
        made = f"(lambda _sandbox_it: lambda *a, **k: _sandbox_it.{node.attr}(*a, **k))"
        return ast.copy_location(
            ast.Call(ast.parse(made, mode="eval").body, [node.value], []), node
        )

    def _doubt_if_endless(self, met: int, node: ast.expr, what: str) -> None:
        if self._endless_met > met:
            self._doubt(
                f"The code uses {what} without an end (line {node.lineno}), "
                "which the sandbox would never be done with.",
                node,
            )

    def _doubt(self, text: str, node: ast.expr) -> None:
        self.doubts.append(Place(text, node.lineno))

    def _call(self, name: str, *given: ast.expr) -> ast.Call:
        self.needs.add(name)
        return ast.Call(ast.Name(name, ast.Load()), list(given), [])
