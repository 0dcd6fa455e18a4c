"""Order among objects that define it themselves, which the interpreter does not ask about.

A stable merge sort stands in for `sorted`, so that `functools.cmp_to_key` has somebody to be a key
for.
"""

from __future__ import annotations

from typing import Final

SOURCE: Final = """
def _sandbox_less(a, b):
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)) and type(a) is type(b):
        for x, y in zip(a, b):
            if x is not y and not x == y:
                return _sandbox_less(x, y)
        return len(a) < len(b)
    if hasattr(a, '__lt__'):
        return a.__lt__(b)
    if hasattr(b, '__gt__'):
        return b.__gt__(a)
    return a < b
def _sandbox_less_equal(a, b):
    if hasattr(a, '__le__'):
        return a.__le__(b)
    if hasattr(b, '__ge__'):
        return b.__ge__(a)
    if isinstance(a, (list, tuple)) and type(a) is type(b):
        return a == b or _sandbox_less(a, b)
    return a <= b
def _sandbox_greater(a, b):
    if hasattr(a, '__gt__'):
        return a.__gt__(b)
    return _sandbox_less(b, a)
def _sandbox_greater_equal(a, b):
    if hasattr(a, '__ge__'):
        return a.__ge__(b)
    return _sandbox_less_equal(b, a)
class _sandbox_ByComparison:
    def __init__(self, compare):
        self.compare = compare
    def __call__(self, value):
        return _sandbox_Compared(self.compare, value)
class _sandbox_Compared:
    def __init__(self, compare, obj):
        self.compare = compare
        self.obj = obj
    def __lt__(self, other):
        return self.compare(self.obj, other.obj) < 0
    def __gt__(self, other):
        return self.compare(self.obj, other.obj) > 0
    def __le__(self, other):
        return self.compare(self.obj, other.obj) <= 0
    def __ge__(self, other):
        return self.compare(self.obj, other.obj) >= 0
    def __eq__(self, other):
        return self.compare(self.obj, other.obj) == 0
def _sandbox_cmp_to_key(mycmp):
    return _sandbox_ByComparison(mycmp)
def _sandbox_sorted(iterable, *, key=None, reverse=False):
    values = list(iterable)
    try:
        return sorted(values, key=key, reverse=reverse)
    except TypeError:
        pass
    pairs = [(x if key is None else key(x), x) for x in values]
    if reverse:
        pairs.reverse()
    width = 1
    while width < len(pairs):
        merged = []
        for start in range(0, len(pairs), 2 * width):
            i, middle = start, min(start + width, len(pairs))
            j, end = middle, min(start + 2 * width, len(pairs))
            while i < middle and j < end:
                if _sandbox_less(pairs[j][0], pairs[i][0]):
                    merged.append(pairs[j])
                    j += 1
                else:
                    merged.append(pairs[i])
                    i += 1
            merged.extend(pairs[i:middle])
            merged.extend(pairs[j:end])
        pairs = merged
        width *= 2
    if reverse:
        pairs.reverse()
    return [x for _, x in pairs]
def _sandbox_sort(values, **how):
    if isinstance(values, list):
        values[:] = _sandbox_sorted(values, **how)
        return None
    return values.sort(**how)
def _sandbox_extreme(beats, name, args, key, default):
    values = list(args[0]) if len(args) == 1 else list(args)
    if not values:
        if default:
            return default[0]
        raise ValueError(name + '() iterable argument is empty')
    best = values[0]
    best_key = best if key is None else key(best)
    for value in values[1:]:
        value_key = value if key is None else key(value)
        if beats(value_key, best_key):
            best, best_key = value, value_key
    return best
def _sandbox_min(*args, key=None, **default):
    return _sandbox_extreme(_sandbox_less, 'min', args, key, list(default.values()))
def _sandbox_max(*args, key=None, **default):
    return _sandbox_extreme(_sandbox_greater, 'max', args, key, list(default.values()))
def _sandbox_total_ordering(cls):
    if hasattr(cls, '__lt__'):
        less = cls.__lt__
        cls.__gt__ = lambda a, b: not less(a, b) and not a == b
        cls.__le__ = lambda a, b: less(a, b) or a == b
        cls.__ge__ = lambda a, b: not less(a, b)
    elif hasattr(cls, '__gt__'):
        greater = cls.__gt__
        cls.__lt__ = lambda a, b: not greater(a, b) and not a == b
        cls.__ge__ = lambda a, b: greater(a, b) or a == b
        cls.__le__ = lambda a, b: not greater(a, b)
    elif hasattr(cls, '__le__'):
        most = cls.__le__
        cls.__lt__ = lambda a, b: most(a, b) and not a == b
        cls.__gt__ = lambda a, b: not most(a, b)
        cls.__ge__ = lambda a, b: not most(a, b) or a == b
    else:
        least = cls.__ge__
        cls.__gt__ = lambda a, b: least(a, b) and not a == b
        cls.__lt__ = lambda a, b: not least(a, b)
        cls.__le__ = lambda a, b: not least(a, b) or a == b
    return cls
"""
