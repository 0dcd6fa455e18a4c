"""Classes: what the interpreter cannot have in a class body is put behind it, or refused."""

from __future__ import annotations

import ast
from typing import Final

from .places import Place
from .prelude import PREFIX
from .program import CannotVerify

_PLAIN_BASES: Final = frozenset({"object", "Generic"})
_HEARD: Final = frozenset(
    f"__{name}__"
    for name in (
        "init", "eq", "ne", "hash", "getitem", "setitem", "contains", "iter", "next", "repr", "str",
        "call", "add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "floordiv", "mod", "pow",
        "and", "or", "xor", "lshift", "rshift", "neg", "pos", "abs", "invert", "int", "round",
        "divmod", "enter", "exit", "copy", "deepcopy", "slots", "doc", "match_args", "post_init",
    )
)  # fmt: skip
"""Special methods that the interpreter calls as CPython does."""

ORDER: Final = frozenset({"__lt__", "__le__", "__gt__", "__ge__"})
"""Special methods that rewritten comparisons call."""

_REPLACED: Final = ORDER | {"__len__", "__delitem__"}


def unheard(dunders: dict[str, int]) -> list[Place]:
    """Special methods that nobody would call; `__len__` is not asked for truth."""
    ignored = {name: line for name, line in dunders.items() if name not in _HEARD | _REPLACED}
    if "__len__" in dunders and "__bool__" not in dunders:
        ignored["__len__"] = dunders["__len__"]
    return [
        Place(
            f"The code defines {name} (line {line}), which the sandbox does not always call.",
            line,
            of_class=True,
        )
        for name, line in ignored.items()
    ]


class Classes(ast.NodeTransformer):
    """Moves decorators of methods and classes within a class out of its body.

    Raises CannotVerify for inheritance, properties and anything else that has no such place.
    """

    def __init__(self) -> None:
        self.needs: set[str] = set()

    def visit_ClassDef(self, node: ast.ClassDef) -> list[ast.stmt]:
        self.generic_visit(node)
        for base in node.bases:
            name = base.value if isinstance(base, ast.Subscript) else base
            if not isinstance(name, ast.Name) or name.id not in _PLAIN_BASES:
                self._refuse(f"inheritance from {ast.unparse(base)}", node)
        if node.keywords:
            self._refuse("a metaclass", node)
        node.bases = []
        before: list[ast.stmt] = []
        after: list[ast.stmt] = []
        body: list[ast.stmt] = []
        for part in node.body:
            if isinstance(part, ast.FunctionDef):
                after += self._decorated(node, part)
                body.append(part)
            elif isinstance(part, ast.ClassDef):
                after.append(self._set(node, part.name, ast.Name(PREFIX + part.name, ast.Load())))
                part.name = PREFIX + part.name
                before.append(part)
            elif isinstance(part, (ast.Assign, ast.AnnAssign, ast.Pass)):
                body.append(part)
            elif not isinstance(part, ast.Expr):
                self._refuse("statements in the body of a class", part)
        node.body = body or [ast.copy_location(ast.Pass(), node)]
        return [*before, node, *after]

    def _decorated(self, owner: ast.ClassDef, method: ast.FunctionDef) -> list[ast.stmt]:
        decorators, method.decorator_list = method.decorator_list, []
        made: ast.expr = ast.Attribute(ast.Name(owner.name, ast.Load()), method.name, ast.Load())
        for decorator in reversed(decorators):
            name = decorator.id if isinstance(decorator, ast.Name) else ""
            if name == "staticmethod":
                made = self._call("_sandbox_Static", made)
            elif name == "classmethod":
                made = self._call("_sandbox_OfClass", ast.Name(owner.name, ast.Load()), made)
            elif name in ("property", "cached_property") or (
                isinstance(decorator, ast.Attribute)
                and decorator.attr in ("setter", "getter", "deleter", "cached_property")
            ):
                self._refuse("a property", method)
            else:
                made = ast.Call(decorator, [made], [])
        return [self._set(owner, method.name, made)] if decorators else []

    def _call(self, name: str, *given: ast.expr) -> ast.Call:
        self.needs.add(name)
        return ast.Call(ast.Name(name, ast.Load()), list(given), [])

    def _set(self, owner: ast.ClassDef, name: str, value: ast.expr) -> ast.stmt:
        target = ast.Attribute(ast.Name(owner.name, ast.Load()), name, ast.Store())
        return ast.copy_location(ast.Assign([target], value), owner)

    def _refuse(self, what: str, node: ast.stmt) -> None:
        raise CannotVerify(
            f"The code uses {what} (line {node.lineno}), which the sandbox cannot.", node.lineno
        )
