"""Parts of the standard library and of the language that the interpreter lacks, one by one.

The key of each is the name it defines; what it needs of others comes in `NEEDS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SOURCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "_sandbox_first": """
def _sandbox_first(found, values):
    for value in values:
        box = found(value)
        if box is not None:
            return box
    return None
""",
        "_sandbox_next": """
def _sandbox_next(box, *default):
    if box is not None:
        return box[0]
    if default:
        return default[0]
    raise StopIteration
""",
        "_sandbox_delete": """
def _sandbox_delete(owner, at):
    if hasattr(owner, '__delitem__'):
        owner.__delitem__(at)
    elif isinstance(at, slice):
        if at.step is None or at.step == 1:
            owner[at] = []
        else:
            gone = set(range(len(owner))[at])
            owner[:] = [x for i, x in enumerate(owner) if i not in gone]
    elif isinstance(owner, (list, dict)):
        owner.pop(at)
    else:
        owner[at]
        owner.rotate(-at)
        owner.popleft()
        owner.rotate(at if at >= 0 else at + 1)
""",
        "_sandbox_addend": """
def _sandbox_addend(left, right):
    if isinstance(left, list) and not isinstance(right, list):
        return list(right)
    return right
""",
        "_sandbox_len": """
def _sandbox_len(value):
    if hasattr(value, '__len__'):
        return value.__len__()
    return len(value)
""",
        "_sandbox_bit_length": """
def _sandbox_bit_length(value):
    if hasattr(value, 'bit_length'):
        return value.bit_length()
    return len(bin(abs(value))) - 2 if value else 0
""",
        "_sandbox_bit_count": """
def _sandbox_bit_count(value):
    return value.bit_count() if hasattr(value, 'bit_count') else bin(value).count('1')
""",
        "_sandbox_is_integer": """
def _sandbox_is_integer(value):
    if hasattr(value, 'is_integer'):
        return value.is_integer()
    return value - value == 0 and value == int(value)
""",
        "_sandbox_difference_update": """
def _sandbox_difference_update(value, *others):
    if hasattr(value, 'difference_update'):
        return value.difference_update(*others)
    for other in others:
        for item in list(other):
            value.discard(item)
""",
        "_sandbox_intersection_update": """
def _sandbox_intersection_update(value, *others):
    if hasattr(value, 'intersection_update'):
        return value.intersection_update(*others)
    for other in others:
        for item in value.difference(other):
            value.discard(item)
""",
        "_sandbox_symmetric_difference_update": """
def _sandbox_symmetric_difference_update(value, other):
    if hasattr(value, 'symmetric_difference_update'):
        return value.symmetric_difference_update(other)
    for item in set(other):
        if item in value:
            value.discard(item)
        else:
            value.add(item)
""",
        "_sandbox_union": """
def _sandbox_union(value, *others):
    result = value.union([])
    for other in others:
        result = result.union(other)
    return result
""",
        "_sandbox_intersection": """
def _sandbox_intersection(value, *others):
    result = value.union([])
    for other in others:
        result = result.intersection(other)
    return result
""",
        "_sandbox_difference": """
def _sandbox_difference(value, *others):
    result = value.union([])
    for other in others:
        result = result.difference(other)
    return result
""",
        "_sandbox_update": """
def _sandbox_update(value, *others):
    for other in others:
        value.update(other)
""",
        "_sandbox_pow": """
def _sandbox_pow(base, power, modulus):
    if power >= 0:
        return pow(base, power, modulus)
    left, right, inverse, other = base % abs(modulus), abs(modulus), 1, 0
    while right:
        share = left // right
        left, right = right, left - share * right
        inverse, other = other, inverse - share * other
    if left != 1:
        raise ValueError('base is not invertible for the given modulus')
    return pow(inverse % abs(modulus), -power, modulus)
""",
        "_sandbox_Static": """
class _sandbox_Static:
    def __init__(self, function):
        self.function = function
    def __call__(self, *args, **named):
        return self.function(*args, **named)
""",
        "_sandbox_OfClass": """
class _sandbox_OfClass:
    def __init__(self, owner, function):
        self.owner = owner
        self.function = function
    def __call__(self, *args, **named):
        return self.function(self.owner, *args, **named)
""",
        "_sandbox_OrderedDict": """
class _sandbox_OrderedDict:
    def __init__(self, *items, **named):
        self._held = dict(*items, **named)
    def __getitem__(self, key):
        return self._held[key]
    def __setitem__(self, key, value):
        self._held[key] = value
    def __delitem__(self, key):
        self._held.pop(key)
    def __contains__(self, key):
        return key in self._held
    def __iter__(self):
        return iter(self._held)
    def __len__(self):
        return len(self._held)
    def __eq__(self, other):
        if hasattr(other, '_held'):
            return list(self._held.items()) == list(other._held.items())
        return self._held == other
    def __repr__(self):
        return 'OrderedDict(' + (repr(self._held) if self._held else '') + ')'
    def get(self, key, default=None):
        return self._held.get(key, default)
    def pop(self, key, *default):
        return self._held.pop(key, *default)
    def popitem(self, last=True):
        if last or not self._held:
            return self._held.popitem()
        key = next(iter(self._held))
        return key, self._held.pop(key)
    def move_to_end(self, key, last=True):
        value = self._held.pop(key)
        if last:
            self._held[key] = value
        else:
            rest = list(self._held.items())
            self._held.clear()
            self._held[key] = value
            self._held.update(rest)
    def keys(self):
        return self._held.keys()
    def values(self):
        return self._held.values()
    def items(self):
        return self._held.items()
    def setdefault(self, key, default=None):
        return self._held.setdefault(key, default)
    def update(self, *items, **named):
        for key, value in dict(*items, **named).items():
            self._held[key] = value
    def clear(self):
        self._held.clear()
    def copy(self):
        return _sandbox_OrderedDict(self._held)
""",
        "_sandbox_itemgetter": """
def _sandbox_itemgetter(*at):
    if len(at) == 1:
        return lambda value: value[at[0]]
    return lambda value: tuple([value[i] for i in at])
""",
        "_sandbox_attrgetter": """
def _sandbox_attrgetter(*names):
    def follow(value, name):
        for part in name.split('.'):
            value = getattr(value, part)
        return value
    if len(names) == 1:
        return lambda value: follow(value, names[0])
    return lambda value: tuple([follow(value, name) for name in names])
""",
        "_sandbox_wraps": """
def _sandbox_wraps(wrapped, *others, **named):
    return lambda wrapper: wrapper
""",
        "_sandbox_ignored": """
def _sandbox_ignored(*args, **named):
    return None
""",
    }
)

OPERATORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "add": "a + b",
        "sub": "a - b",
        "mul": "a * b",
        "truediv": "a / b",
        "floordiv": "a // b",
        "mod": "a % b",
        "pow": "a ** b",
        "and_": "a & b",
        "or_": "a | b",
        "xor": "a ^ b",
        "lshift": "a << b",
        "rshift": "a >> b",
        "lt": "a < b",
        "le": "a <= b",
        "eq": "a == b",
        "ne": "a != b",
        "ge": "a >= b",
        "gt": "a > b",
        "getitem": "a[b]",
        "contains": "b in a",
        "concat": "a + b",
    }
)
"""Functions of the module operator with two arguments, as expressions."""

UNARY_OPERATORS: Final[Mapping[str, str]] = MappingProxyType(
    {"neg": "-a", "pos": "+a", "not_": "not a", "abs": "abs(a)", "invert": "~a", "inv": "~a"}
)
"""Functions of the module operator with one argument, as expressions."""
