"""From what the candidate wrote to what the interpreter can run, without a change of meaning.

The code is read here and never executed here.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from typing import Final

from maang_mcp.domain.checking import LONGEST_CODE, CodeProblem
from maang_mcp.domain.code_task import CodeTask

from .classes import ORDER, Classes, unheard
from .comparing import Comparing, Growing, Sorting
from .imports import Imports
from .places import Place, mark
from .prelude import HEAPS, PREFIX, source_of
from .program import CannotVerify, NotLoadable, Program
from .reading import Names, Unannotated, entry_of, lines_of, raises_of, truth_of
from .rewriting import Rewriting

DEEPEST: Final = 200
"""Levels of syntax in one another. Not left to CPython's own limit, which anybody may have raised
beyond what the stack of a thread holds."""

MOST_PLACES: Final = 50
"""Places of a program that are marked; each takes another reading of it."""

RECURSION: Final = 3_000
RAISED_RECURSION: Final = 50_000  # for a program that calls sys.setrecursionlimit
_FILE: Final = "<candidate>"
_COMPARED: Final = frozenset({PREFIX + "cmp_to_key"})


def translate(
    code: str, task: CodeTask, *, lists_grow: bool = False, gaps: Sequence[Place] = ()
) -> Program:
    """The candidate's program, ready to run; `lists_grow` when it adds to a list what is none,
    `gaps` are places that the interpreter was seen to fail at.

    A construct that the interpreter lacks is cut out where something of the program remains
    without it. Raises NotLoadable for code that is not Python or does not define what the task
    calls, CannotVerify where nothing remains.
    """
    if len(code) > LONGEST_CODE:
        raise NotLoadable(CodeProblem(f"The code is longer than {LONGEST_CODE:,} characters."))
    try:
        tree = _parsed(code)
    except (RecursionError, MemoryError):
        tree = None
    if tree is None or _is_too_deep(tree):
        raise CannotVerify("The code is nested deeper than the sandbox can read.")
    _refuse_our_names(tree)
    places = list(gaps)
    while True:
        try:
            program, doubts = _translated(_parsed(code), task, lists_grow, places)
        except CannotVerify as error:
            if error.line is None or len(places) >= MOST_PLACES:
                raise
            places.append(Place(str(error), error.line, is_gap=True))
            continue
        new = [doubt for doubt in doubts if doubt not in places]
        if not new:
            return program
        places += new


def _refuse_our_names(tree: ast.Module) -> None:
    ours = {name for node in ast.walk(tree) for name in _names_in(node) if name.startswith(PREFIX)}
    if ours:
        text = f"Names that begin with `{PREFIX}` are the sandbox's own: rename `{min(ours)}`."
        raise NotLoadable(CodeProblem(text))


def _is_too_deep(tree: ast.Module) -> bool:
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return bool(level)


def _parsed(code: str) -> ast.Module:
    # What the code's own oddities make the parser warn of is no concern of this process.
    warnings.filterwarnings("ignore", module=_FILE)
    try:
        return ast.parse(code, filename=_FILE)
    except SyntaxError as error:
        raise NotLoadable(CodeProblem(f"SyntaxError: {error.msg}", error.lineno)) from None
    except ValueError:  # as some versions answer to a NUL character
        raise NotLoadable(CodeProblem("SyntaxError: source code cannot hold null bytes")) from None


def _names_in(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Constant):
        for _, value in ast.iter_fields(node):
            yield from (part for part in _listed(value) if isinstance(part, str))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _translated(
    tree: ast.Module, task: CodeTask, lists_grow: bool, places: Sequence[Place]
) -> tuple[Program, list[Place]]:
    """The program with its places marked, and the doubts that it gives rise to."""
    entry = entry_of(tree, task.entry)
    if entry is None:
        kind = "class" if task.is_class else "function"
        raise NotLoadable(CodeProblem(f"The code does not define the {kind} `{task.entry}`."))
    always = mark(tree, places, entry)
    tree = Unannotated().visit(tree)
    imports = Imports(Names(tree).loaded)
    tree = imports.visit(tree)
    names = Names(tree)
    classes = Classes()
    tree = classes.visit(tree)
    rewriting = Rewriting(tree, names, imports.modules)
    tree = rewriting.visit(tree)
    doubts = [*rewriting.doubts, *unheard(names.dunders)]
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if "__len__" in names.dunders or PREFIX + "OrderedDict" in used:
        tree = _Measuring(names.bound).visit(tree)
        doubts += truth_of(tree, PREFIX + "OrderedDict")
    if lists_grow:
        tree = Growing().visit(tree)
    ordered = bool(ORDER & set(names.dunders)) or PREFIX + "total_ordering" in used
    ordered = ordered or (used >= _COMPARED and bool(HEAPS & used))
    if ordered:
        tree = Comparing(names.bound).visit(tree)
    elif _COMPARED & used:
        tree = Sorting(names.bound).visit(tree)
    ast.fix_missing_locations(tree)
    source = ast.unparse(tree)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    program = Program(
        prelude=_prelude(used, ordered),
        source=source,
        lines=lines_of(tree, source),
        entry=entry,
        recursion=RAISED_RECURSION if PREFIX + "ignored" in used else RECURSION,
        names=frozenset(names.loaded | names.bound | _attributes(tree)),
        own=frozenset(names.bound),
        own_dunders=frozenset(names.dunders),
        doubts=tuple(place.text for place in places),
        always=always,
        raises=raises_of(source),
        lists_grow=lists_grow,
    )
    return program, doubts


class _Measuring(ast.NodeTransformer):
    """`len` asks objects that define it."""

    def __init__(self, bound: set[str]) -> None:
        self._replaced = {"len"} - bound

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self._replaced:
            return ast.copy_location(ast.Name(PREFIX + "len", ast.Load()), node)
        return node


def _prelude(used: set[str], ordered: bool) -> str:
    """The source of what is used; the heaps, too, ask objects that define their order."""
    if not ordered:
        return source_of(used)
    source = ast.parse(source_of(used | {PREFIX + "less"}))
    return ast.unparse(ast.fix_missing_locations(_Heaps(set()).visit(source)))


class _Heaps(Comparing):
    """Of our own source, the functions on heaps."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        heap = node.name.startswith(tuple(PREFIX + part for part in ("sift", "heap", "n", "merge")))
        return self.generic_visit(node) if heap else node


def _attributes(tree: ast.AST) -> set[str]:
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
