"""What there is to know about a program before it is rewritten."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .places import Place


class Unannotated(ast.NodeTransformer):
    """Takes the annotations away, which decide nothing; a dataclass keeps those of its fields."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        fields = [part for part in node.body if isinstance(part, ast.AnnAssign)]
        self.generic_visit(node)
        if any(_called(decorator) == "dataclass" for decorator in node.decorator_list):
            own = iter(fields)
            node.body = [next(own) if _was_field(part) else part for part in node.body]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        plain: ast.stmt = ast.Assign([node.target], node.value) if node.value else ast.Pass()
        plain = ast.copy_location(plain, node)
        plain.was_field = True  # type: ignore[attr-defined]  # a mark for the class around it
        return plain


def _was_field(node: ast.stmt) -> bool:
    return getattr(node, "was_field", False)


def _called(node: ast.expr) -> str:
    """The last name of `f`, `m.f`, `f(...)` or `m.f(...)`."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


class Names(ast.NodeVisitor):
    """Which names a program reads and binds, and which attributes it gives its own objects."""

    def __init__(self, tree: ast.AST) -> None:
        self.loaded: set[str] = set()
        self.bound: set[str] = set()
        self.attributes: set[str] = set()
        self.words: set[str] = set()  # in strings: fields of a namedtuple, getattr
        self.dunders: dict[str, int] = {}  # with the line that defines it
        for node in ast.walk(tree):
            self.visit(node)

    def generic_visit(self, node: ast.AST) -> None:
        """Nothing: every node is visited by itself."""

    def visit_Name(self, node: ast.Name) -> None:
        (self.loaded if isinstance(node.ctx, ast.Load) else self.bound).add(node.id)

    def visit_arg(self, node: ast.arg) -> None:
        self.bound.add(node.arg)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.bound.add(node.name)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.bound.add(node.name)
        for part in node.body:
            if isinstance(part, ast.FunctionDef):
                self._attribute(part.name, part)
            for name in _targets(part):
                self._attribute(name, part)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._attribute(node.attr, node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and len(node.value) < 200:
            self.words |= set(node.value.replace(",", " ").split())

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id == "setattr" and len(node.args) == 3:
            name = node.args[1]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                self._attribute(name.value, node)

    def _attribute(self, name: str, node: ast.stmt | ast.expr) -> None:
        self.attributes.add(name)
        if name.startswith("__") and name.endswith("__"):
            self.dunders.setdefault(name, node.lineno)


def _targets(node: ast.stmt) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id


def entry_of(tree: ast.Module, entry: str) -> str | None:
    """The expression that gives what is to be called: the function or class of that name, a method
    of a class `Solution`, or either in the other spelling (two_sum, twoSum)."""
    defined = list(_defined(tree.body))
    names = [name for name, _ in defined]
    methods = [
        part.name
        for name, node in defined
        if name == "Solution" and isinstance(node, ast.ClassDef)
        for part in node.body
        if isinstance(part, ast.FunctionDef)
    ]
    for alike in (str, _spelling):
        for name in reversed(names):
            if alike(name) == alike(entry):
                return name
        for name in methods:
            if alike(name) == alike(entry):
                return f"Solution().{name}"
    return None


def _spelling(name: str) -> str:
    return name.replace("_", "").lower()


def _defined(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, node
        for name in _targets(node):
            yield name, node
        if isinstance(node, (ast.If, ast.Try)):
            yield from _defined(node.body)
            yield from _defined(node.orelse)


def lines_of(tree: ast.Module, rewritten: str) -> tuple[int, ...]:
    """For each line of the text that `tree` was written out as, the line its statement had."""
    lines = [0] * (rewritten.count("\n") + 1)
    for was, now in zip(_statements(tree), _statements(ast.parse(rewritten)), strict=True):
        decorators = getattr(now, "decorator_list", [])
        first = min(part.lineno for part in (now, *decorators))
        for line in range(first, (now.end_lineno or now.lineno) + 1):
            lines[line - 1] = was.lineno
    return tuple(lines)


def raises_of(source: str) -> frozenset[int]:
    """The lines that an exception comes from when a statement of the program's own raises it."""
    found: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Raise):
            found |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        elif isinstance(node, ast.ExceptHandler) and any(
            isinstance(part, ast.Raise) and part.exc is None for part in ast.walk(node)
        ):
            found.add(node.lineno)  # the interpreter has what is raised again come from here
    return frozenset(found)


def _statements(tree: ast.AST) -> Iterator[ast.stmt]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.stmt):
            yield node
        yield from _statements(node)


def truth_of(tree: ast.AST, made_by: str) -> list[Place]:
    """Where the truth is asked of what a class of ours has made: nobody tells it."""
    assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    makers = {made_by}
    for node in assigned:
        if isinstance(node.value, ast.Name) and node.value.id == made_by:
            makers |= set(_targets(node))
    places = {
        ast.unparse(target)
        for node in assigned
        if isinstance(node.value, ast.Call)
        if isinstance(node.value.func, ast.Name) and node.value.func.id in makers
        for target in node.targets
    }
    asked: list[ast.expr] = []
    for part in ast.walk(tree):
        if isinstance(part, (ast.If, ast.While, ast.IfExp, ast.Assert)):
            asked.append(part.test)
        elif isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
            asked.append(part.operand)
        elif isinstance(part, ast.BoolOp):
            asked += part.values
    return [
        Place(
            f"The code asks whether a dictionary is empty by its truth (line {test.lineno}), "
            "which the sandbox does not know of an OrderedDict.",
            test.lineno,
        )
        for test in asked
        if isinstance(test, (ast.Name, ast.Attribute)) and ast.unparse(test) in places
    ]
