"""From what the candidate wrote to what the interpreter can run, without a change of meaning.

The code is read here and never executed here.
"""

from __future__ import annotations

import ast
import warnings
from typing import Final

from maang_mcp.domain.checking import CodeProblem
from maang_mcp.domain.code_task import CodeTask

from .classes import ORDER, Classes, unheard
from .comparing import Comparing, Growing, Sorting
from .imports import Imports
from .prelude import HEAPS, PREFIX, source_of
from .program import CannotVerify, NotLoadable, Program
from .reading import Names, Unannotated, entry_of, lines_of, truth_of
from .rewriting import Rewriting

LONGEST: Final = 20_000
"""Characters of code; no answer to an interview question comes near."""

DEEPEST: Final = 200
"""Levels of syntax in one another. Not left to CPython's own limit, which anybody may have raised
beyond what the stack of a thread holds."""

RECURSION: Final = 3_000
RAISED_RECURSION: Final = 50_000  # for a program that calls sys.setrecursionlimit
_FILE: Final = "<candidate>"
_COMPARED: Final = frozenset({PREFIX + "cmp_to_key"})


def translate(code: str, task: CodeTask, *, lists_grow: bool = False) -> Program:
    """The candidate's program, ready to run; `lists_grow` when it adds to a list what is none.

    Raises NotLoadable for code that is not Python or does not define what the task calls,
    CannotVerify for a construct that the interpreter lacks and that cannot be rewritten.
    """
    if len(code) > LONGEST:
        raise NotLoadable(CodeProblem(f"The code is longer than {LONGEST:,} characters."))
    try:
        tree = _parsed(code)
    except (RecursionError, MemoryError):
        tree = None
    if tree is None or _is_too_deep(tree):
        raise CannotVerify("The code is nested deeper than the sandbox can read.")
    return _translated(tree, task, lists_grow)


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


def _translated(tree: ast.Module, task: CodeTask, lists_grow: bool) -> Program:
    entry = entry_of(tree, task.entry)
    if entry is None:
        kind = "class" if task.is_class else "function"
        raise NotLoadable(CodeProblem(f"The code does not define the {kind} `{task.entry}`."))
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
    return Program(
        prelude=_prelude(used, ordered),
        source=source,
        lines=lines_of(tree, source),
        entry=entry,
        recursion=RAISED_RECURSION if PREFIX + "ignored" in used else RECURSION,
        names=frozenset(names.loaded | names.bound | _attributes(tree)),
        own=frozenset(names.bound),
        own_dunders=frozenset(names.dunders),
        doubts=tuple(doubts),
        lists_grow=lists_grow,
    )


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
