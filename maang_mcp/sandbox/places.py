"""Places the interpreter cannot be trusted in, marked in the program so that a run tells which of
them it came to.

A program that fails a test without having come to any of them fails it, whatever else stands in it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .prelude import PREFIX
from .program import CannotVerify, Program

DOUBT: Final = PREFIX + "doubt"
"""A function of the prelude: tells once that the place of that number was come to."""

GAP: Final = PREFIX + "gap"
"""A function outside: tells so, and raises."""

_TELL: Final = PREFIX + "tell"
_BEGIN: Final = PREFIX + "begin"
BEGIN: Final = f"{_BEGIN}()\n_sandbox_met.clear()"
"""What is run between the program and the call of a test."""

_Function = ast.FunctionDef | ast.Lambda
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Place:
    """What is wrong there, as a sentence, and the candidate's line.

    With `is_gap` the interpreter cannot run it at all; else it may run it with another meaning.
    `of_class`: it is everywhere the class is that this line belongs to.
    """

    text: str
    line: int
    is_gap: bool = False
    of_class: bool = False


def mark(tree: ast.Module, places: Sequence[Place], entry: str) -> frozenset[int]:
    """Puts the marks into the program, and takes away what is a gap.

    The numbers of those places that every call of `entry` comes to are answered. Raises
    CannotVerify where nothing of a program would be left to run.
    """
    marking = _Marking(tree)
    for number, place in enumerate(places):
        marking.add(number, place)
    return marking.finish(places, entry)


class Met:
    """The places that a run comes to, by their numbers; `always` to begin with."""

    def __init__(self, always: frozenset[int] = frozenset()) -> None:
        self._always = always
        self.numbers = set(always)

    @property
    def functions(self) -> dict[str, Callable[..., None]]:
        """By their names, what a program tells it with."""
        return {GAP: self._gap, _TELL: self.numbers.add, _BEGIN: self._begin}

    def reason(self, program: Program) -> str:
        """A sentence on one of them."""
        return program.doubts[min(self.numbers)]

    def _begin(self) -> None:
        """Loading is over: what is left of it was marked by its names."""
        self.numbers.clear()
        self.numbers.update(self._always)

    def _gap(self, number: int) -> None:
        self.numbers.add(number)
        raise NotImplementedError("the sandbox does not have this")


class _Marking:
    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._cut: set[int] = set()  # functions that are gaps, by identity
        self._tainted: dict[str, tuple[int, bool]] = {}  # names of the module: number, is gap
        self._everywhere: set[int] = set()
        self._variables = {
            name
            for part in tree.body
            if not isinstance(part, (*_DEFINITIONS, ast.Import, ast.ImportFrom))
            for name in _bound(part)
        }
        self._defined = {
            part.name: _loaded(part) for part in tree.body if isinstance(part, _DEFINITIONS)
        }

    def add(self, number: int, place: Place) -> None:
        around = list(_around(self._tree, place.line))
        if not around:
            if place.is_gap:
                raise CannotVerify(place.text)
            self._everywhere.add(number)
            return
        function = self._function(around, of_class=place.of_class)
        if function is None:
            self._taint(around[0], number, place)
            return
        call = _call(GAP if place.is_gap else DOUBT, number, function)
        if place.is_gap:
            self._cut.add(id(function))
            function.body = [call]
        elif id(function) not in self._cut:
            function.body.insert(0, call)

    def _function(self, around: list[ast.stmt], *, of_class: bool) -> ast.FunctionDef | None:
        """The innermost one that can be called and is none yet; not the class's own methods."""
        if of_class:
            classes = [at for at, node in enumerate(around) if isinstance(node, ast.ClassDef)]
            around = around[: classes[-1]] if classes else around
        for node in reversed(around):
            if isinstance(node, ast.FunctionDef) and id(node) not in self._cut:
                return node
        return None

    def _taint(self, part: ast.stmt, number: int, place: Place) -> None:
        """Whatever this part of the module names may be other than it should."""
        # A part in doubt might never be done with; it is left out like one that is a gap.
        is_gap = place.is_gap or not (place.of_class or isinstance(part, _DEFINITIONS))
        self._spoil(part, number, is_gap=is_gap)
        if place.of_class and not isinstance(part, ast.ClassDef):
            self._everywhere.add(number)  # set from outside, maybe on a class of the harness

    def _spoil(self, part: ast.stmt, number: int, *, is_gap: bool) -> None:
        if isinstance(part, _DEFINITIONS):
            names = {part.name}
        else:
            names = _bound(part) | (self._mentioned(part) & self._variables)
        for name in names:
            self._tainted.setdefault(name, (number, is_gap))
        if is_gap:
            at = self._tree.body.index(part)
            self._tree.body[at] = ast.copy_location(ast.Pass(), part)

    def _mentioned(self, part: ast.AST) -> set[str]:
        """The names it reads, also by way of what it may call."""
        found: set[str] = set()
        waiting = [_loaded(part)]
        while waiting:
            new = waiting.pop() - found
            found |= new
            waiting += [self._defined[name] for name in new if name in self._defined]
        return found

    def _spread(self, places: Sequence[Place]) -> None:
        """What is computed from such names when the program is loaded is no better."""
        waiting = [
            part
            for part in self._tree.body
            if not isinstance(part, _DEFINITIONS) and not _is_main(part)
        ]
        grew = True
        while grew:
            grew = False
            for part in list(waiting):
                bad = [self._tainted[name] for name in self._mentioned(part) & set(self._tainted)]
                if bad:
                    number, is_gap = min(bad, key=lambda found: (not found[1], found[0]))
                    waiting.remove(part)
                    self._spoil(part, number, is_gap=is_gap)
                    grew = True

    def finish(self, places: Sequence[Place], entry: str) -> frozenset[int]:
        self._spread(places)
        found = self._tainted.get(entry.partition("(")[0])
        if found is not None:
            if found[1]:
                raise CannotVerify(places[found[0]].text)
            self._everywhere.add(found[0])
        if self._tainted:
            _Reads(self._tainted).visit(self._tree)
        ast.fix_missing_locations(self._tree)
        return frozenset(self._everywhere)


class _Reads(ast.NodeTransformer):
    """Marks where the names are read."""

    def __init__(self, tainted: dict[str, tuple[int, bool]]) -> None:
        self._tainted = tainted
        self._hidden: list[set[str]] = []  # names of the functions around

    def visit_Name(self, node: ast.Name) -> ast.AST:
        known = self._tainted.get(node.id)
        hidden = any(node.id in names for names in self._hidden)
        if known is None or hidden or not isinstance(node.ctx, ast.Load):
            return node
        number, is_gap = known
        made = f"{GAP}({number})" if is_gap else f"({DOUBT}({number}), {node.id})[1]"
        return ast.copy_location(ast.parse(made, mode="eval").body, node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._inside(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self._inside(node)

    def _inside(self, node: _Function) -> ast.AST:
        self._hidden.append(_local(node))
        self.generic_visit(node)
        self._hidden.pop()
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Not its bases, which are refused by their names."""
        node.body = [self.visit(part) for part in node.body]
        node.decorator_list = [self.visit(part) for part in node.decorator_list]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.AST:
        return node


def _around(tree: ast.AST, line: int) -> Iterator[ast.stmt]:
    """The part of the module that holds the line, then the definitions within it that do."""
    for node in ast.iter_child_nodes(tree):
        if not _first(node) <= line <= (getattr(node, "end_lineno", None) or 0):
            continue
        if isinstance(tree, ast.Module) or isinstance(node, _DEFINITIONS):
            yield node  # type: ignore[misc]  # what a module and a definition hold are statements
        yield from _around(node, line)
        return


def _first(node: ast.AST) -> int:
    decorators = getattr(node, "decorator_list", None) or [node]
    return min(getattr(part, "lineno", 0) for part in (*decorators, node))


def _call(name: str, number: int, at: ast.FunctionDef) -> ast.stmt:
    made = ast.parse(f"{name}({number})").body[0]
    for part in ast.walk(made):
        ast.copy_location(part, at.body[0])
    return made


def _loaded(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _bound(part: ast.AST) -> set[str]:
    """The names it gives a value to in its own scope."""
    found: set[str] = set()
    waiting: list[ast.AST] = [part]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        if isinstance(node, _DEFINITIONS):
            found.add(node.name)
        elif not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)
    return found


def _local(function: _Function) -> set[str]:
    given = {part.arg for part in ast.walk(function.args) if isinstance(part, ast.arg)}
    if isinstance(function, ast.Lambda):
        return given
    shared = {
        name
        for part in ast.walk(function)
        if isinstance(part, (ast.Global, ast.Nonlocal))
        for name in part.names
    }
    return (given | {name for part in function.body for name in _bound(part)}) - shared


def _is_main(part: ast.stmt) -> bool:
    return isinstance(part, ast.If) and "__name__" in _loaded(part.test)
