"""Telling what the interpreter cannot do from what the candidate did wrong.

The interpreter answers for a thing that CPython has and it lacks with the error for a thing that
does not exist. CPython, which is at hand, knows better.
"""

from __future__ import annotations

import builtins
import inspect
import re
from collections import Counter, OrderedDict, defaultdict, deque
from typing import Final

from .classes import ORDER
from .imports import has
from .program import Program

_KINDS: Final[dict[str, type]] = {
    kind.__name__: kind
    for kind in (
        bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, range, slice,
        deque, defaultdict, Counter, OrderedDict, type(lambda: 0), type(dict.keys({})),
        type(dict.values({})), type(dict.items({})), type(iter([])), object, type, Exception,
    )
}  # fmt: skip
_NOWHERE: Final = frozenset({"exit", "quit", "input", "copyright", "credits", "license", "help"})
"""Builtins of a program that somebody sits in front of; a test has nobody."""

_MODULE = re.compile(r"No module named '([\w.]+)'|from '([\w.]+)'|^module '([\w.]+)'")
_ATTRIBUTE = re.compile(r"^(?:type object )?'?(\w+)'? object has no attribute '(\w+)'")
_TYPE_ATTRIBUTE = re.compile(r"^type object '(\w+)' has no attribute '(\w+)'")
_NAME = re.compile(r"^name '(\w+)' is not defined")
_ARITY = re.compile(r"^(?:(\w+)\.)?(\w+)\(\) takes .*\((\d+) given\)$")
_LAST = re.compile(r"'(\w+)'(?: \(unknown location\))?$")
_UNSUPPORTED = re.compile(r"not (yet )?support|not implemented", re.IGNORECASE)


def gap(error: BaseException, program: Program) -> str | None:
    """The sentence that says what the interpreter lacks; None for an error of the candidate's.

    It names nothing but what stands in the program, or nothing at all: the error may come from a
    test that is hidden, and its message may be the candidate's choice.
    """
    text = str(error)
    if isinstance(error, NotImplementedError) and _UNSUPPORTED.search(text):
        return None if "NotImplementedError" in program.names else _sentence(None)
    if isinstance(error, ImportError):
        return _import(text, program)
    if isinstance(error, AttributeError):
        return _attribute(text, program)
    if isinstance(error, NameError) and (found := _NAME.match(text)):
        name = found[1]
        known = hasattr(builtins, name) and name not in _NOWHERE
        return _sentence(name, program) if known else None
    if isinstance(error, TypeError):
        return _type(text, program)
    return _sentence(None) if text.startswith("Internal error in monty") else None


def _import(text: str, program: Program) -> str | None:
    found, last = _MODULE.search(text), _LAST.search(text)
    if found is None or last is None:
        return None
    module = next(group for group in found.groups() if group)
    name = re.search(r"cannot import name '(\w+)'", text)
    if name and has(module, name[1]):
        return _sentence(name[1], program)
    return None


def _attribute(text: str, program: Program) -> str | None:
    if found := re.match(r"^module '(\w+)' has no attribute '(\w+)'", text):
        return _sentence(found[2], program) if has(found[1], found[2]) else None
    found = _TYPE_ATTRIBUTE.match(text) or _ATTRIBUTE.match(text)
    if found is None:
        return None
    kind, name = _KINDS.get(found[1]), found[2]
    if kind is not None and (hasattr(kind, name) or "setting new" in text):
        return _sentence(name, program)
    if hasattr(object, name):
        return _sentence(name, program)
    return None


def _type(text: str, program: Program) -> str | None:
    if text.endswith("object is not an iterator") and text.startswith("'list'"):
        return "The code relies on an iterator that the sandbox has as a list."
    asked = {"'<'", "'>'", "'<='", "'>='"}
    if ORDER & program.own_dunders and any(sign in text for sign in asked):
        return (
            "The code relies on objects with an order of their own, which the sandbox lacks here."
        )
    if found := _ARITY.match(text):
        return _arity(found[1], found[2], int(found[3]), program)
    if "keyword argument" in text or "is not callable" in text:
        name = re.match(r"^(?:\w+\.)?(\w+)\(\)", text)
        if name and hasattr(builtins, name[1]) and name[1] not in program.own:
            return _sentence(name[1], program)
    return None


def _arity(kind: str | None, name: str, given: int, program: Program) -> str | None:
    """Whether CPython's own function takes so many arguments; yes when it does not tell."""
    owner = _KINDS.get(kind) if kind else builtins
    function = getattr(owner, name, None)
    if function is None or (kind is None and name in program.own):
        return None
    try:
        inspect.signature(function).bind(*[None] * (given + (kind is not None)))
    except TypeError:
        return None
    except ValueError:
        pass
    return _sentence(name, program)


def _sentence(name: str | None, program: Program | None = None) -> str:
    if name is None or program is None or name not in program.names:
        return "The code uses something that the sandbox does not have."
    return f"The code uses `{name}`, which the sandbox does not have."
