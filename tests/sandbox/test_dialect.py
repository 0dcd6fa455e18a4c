"""What a candidate may write: the same program must mean the same here and in CPython."""

from __future__ import annotations

import sys
import textwrap
from typing import Any

import pytest

from maang_mcp.domain.checking import CaseStatus
from maang_mcp.sandbox import Sandbox

from .tasks import code_task, visible

PROGRAMS = {
    "heapq as a module": """
        import heapq
        def solve(xs):
            heapq.heapify(xs)
            heapq.heappush(xs, 3)
            return [heapq.heappop(xs) for _ in range(len(xs))]
        """,
    "heapq under other names": """
        from heapq import heappush as hp, heappop, nlargest, nsmallest, merge, heapreplace
        import heapq as hq
        def solve(xs):
            heap = []
            for x in xs:
                hp(heap, (-x, str(x)))
            top = heappop(heap) if heap else None
            return top, nlargest(2, xs), nsmallest(2, xs, key=lambda x: -x), \\
                hq.heappushpop([1], 5), list(merge(sorted(xs), [2, 4]))
        """,
    "star imports": """
        from typing import *
        from collections import *
        from heapq import *
        from math import *
        from itertools import *
        def solve(xs: List[int]) -> Optional[int]:
            d = deque(xs)
            heappush(xs, floor(2.5))
            return list(d), list(accumulate(xs)), xs, inf > 1
        """,
    "a class in the style of a practice site": """
        from typing import List
        class Solution(object):
            def helper(self, xs):
                return sum(xs)
            def solve(self, xs: List[int]) -> int:
                return self.helper(xs)
        """,
    "the entry spelled in another way": """
        class Solution:
            def sOlve(self, xs):
                return len(xs)
        """,
    "del": """
        def solve(xs):
            d = {1: 2, 3: 4}
            del d[1], xs[0]
            ys = list(range(10))
            del ys[2:4]
            del ys[::3]
            del ys[-1]
            total = sum(xs)
            del xs
            for i in range(3):
                t = i * 2
                total += t
                del t
            return d, ys, total
        """,
    "any and all stop early": """
        def solve(xs):
            seen = []
            def look(x):
                seen.append(x)
                return x > 2
            return any(look(x) for x in xs), all(look(x) for x in xs if x != 1), seen, \\
                any(look(x + y) for x in xs for y in xs if x < y), seen, \\
                all(a < b for a, b in zip(xs, xs[1:])), any(False for _, _ in zip(xs, xs))
        """,
    "next of a generator expression": """
        from itertools import count
        import itertools
        def solve(xs):
            return next((i for i, x in enumerate(xs) if x > 2), -1), next(x for x in count(5)), \\
                next((x for x in xs if x > 100), None), \\
                next(x for x in itertools.count(2) if x % 5 == 0)
        """,
    "iterators are used up once": """
        def solve(xs):
            doubled = map(lambda x: x * 2, xs)
            first = list(doubled)
            pairs = zip(xs, xs)
            next(pairs, None)
            squares = (x * x for x in xs)
            return first, list(doubled), list(pairs), sum(squares), sum(squares), \\
                list(reversed(xs)), list(zip(*[iter(xs)] * 2))
        """,
    "methods as values": """
        def solve(xs):
            counts = {x: xs.count(x) for x in xs}
            add = xs.append
            add(7)
            return max(counts, key=counts.get, default=0), xs, list(map(str.upper, "ab")), \\
                sorted(["b", "A"], key=str.lower), str.join(",", "ab")
        """,
    "a list that takes what is none": """
        def solve(xs):
            out, kept = [], {"a": []}
            out += (1, 2)
            out += "ab"
            out += reversed(xs)
            out += map(str, xs)
            kept["a"] += range(2)
            text, total = "", 0
            text += "x"
            total += 3
            return out, kept, text, total
        """,
    "bits": """
        def solve(xs):
            return [(x.bit_length(), x.bit_count()) for x in xs], list(map(int.bit_count, xs)), \\
                [(x / 2).is_integer() for x in xs]
        """,
    "functools": """
        import functools
        from functools import cmp_to_key, lru_cache, wraps
        def logged(f):
            @wraps(f)
            def inner(*args):
                return f(*args)
            return inner
        class Solution:
            @lru_cache(None)
            def fib(self, n):
                return n if n < 2 else self.fib(n - 1) + self.fib(n - 2)
            @logged
            def solve(self, xs):
                def larger(a, b):
                    ab, ba = str(a) + str(b), str(b) + str(a)
                    return (ab < ba) - (ab > ba)
                order = cmp_to_key(larger)
                xs.sort(key=order)
                falling = sorted(xs, key=functools.cmp_to_key(lambda a, b: a - b), reverse=True)
                return xs, falling, \\
                    self.fib(30), min(xs, key=order, default=None), max([3, 1, 2])
        """,
    "objects with an order": """
        import heapq
        class Job:
            def __init__(self, cost, name):
                self.cost = cost
                self.name = name
            def __lt__(self, other):
                return self.cost < other.cost
        def solve(xs):
            jobs = [Job(x, i) for i, x in enumerate(xs)]
            heap = []
            for job in jobs:
                heapq.heappush(heap, (0, job))
            popped = [heapq.heappop(heap)[1].cost for _ in xs]
            jobs.sort()
            return popped, [j.name for j in jobs], [j.name for j in sorted(jobs, reverse=True)], \\
                all(a < b or not b > a for a, b in zip(jobs, jobs[1:])), 1 < 2 <= 3 != 4
        """,
    "an order set from outside": """
        import heapq
        ListNode.__lt__ = lambda a, b: a.val < b.val
        def solve(xs):
            heap = [ListNode(x) for x in xs]
            heapq.heapify(heap)
            return [heapq.heappop(heap).val for _ in xs]
        """,
    "total ordering": """
        from functools import total_ordering
        @total_ordering
        class Card:
            def __init__(self, rank):
                self.rank = rank
            def __eq__(self, other):
                return self.rank == other.rank
            def __lt__(self, other):
                return self.rank < other.rank
        def solve(xs):
            cards = [Card(x) for x in xs]
            return [c.rank for c in sorted(cards)], max(cards, key=lambda c: c).rank, \\
                [a >= b for a, b in zip(cards, cards[1:])]
        """,
    "sets changed in place": """
        def solve(xs):
            a, b, c = set(xs), set(xs), set(xs)
            a.difference_update([1], {2})
            b.intersection_update([1, 2], (2, 1))
            c.symmetric_difference_update([1, 7, 7])
            c.update([8], {9})
            return sorted(a), sorted(b), sorted(c), set.intersection(*[{1, 2}, {2}, {2, 3}]), \\
                {1}.union({2}, [3]), {1, 2, 3}.difference([1], [2]), {1}.union(), \\
                set().union(*[[x] for x in xs]), set.union({1}, {2})
        """,
    "an inverse": """
        def solve(xs):
            return [pow(x, -1, 10 ** 9 + 7) for x in xs if x], pow(3, -2, 7), pow(2, 10, 1000)
        """,
    "len of an object": """
        class Stack:
            def __init__(self):
                super().__init__()
                self.items = []
            def __len__(self):
                return len(self.items)
            def __getitem__(self, i):
                return self.items[i]
            def __contains__(self, x):
                return x in self.items
            def __iter__(self):
                return iter(self.items)
            def __delitem__(self, i):
                self.items.pop(i)
        def solve(xs):
            s = Stack()
            s.items = xs + [1, 2]
            del s[0]
            return len(s), s[-1], 2 in s, list(s), len(xs)
        """,
    "OrderedDict": """
        from collections import OrderedDict
        def solve(xs):
            d = OrderedDict()
            for x in xs + [1, 2, 3]:
                d[x] = x * 2
                d.move_to_end(x)
            d.move_to_end(2, last=False)
            d.popitem(last=False)
            gone = d.popitem()
            return list(d), list(d.items()), len(d), gone, 1 in d, d.get(9, 0), d.pop(1)
        """,
    "classes in classes and static methods": """
        class Trie:
            count = 0
            class Node:
                def __init__(self):
                    self.children = {}
            def __init__(self):
                self.root = self.Node()
                self.other = Trie.Node()
            @staticmethod
            def double(x):
                return x * 2
            @classmethod
            def make(cls):
                cls.count += 1
                return cls()
        def solve(xs):
            t = Trie.make()
            t.root.children[1] = Trie.double(3)
            return t.root.children, t.other.children, t.double(4), Trie.count
        """,
    "dataclasses": """
        from dataclasses import dataclass, field
        @dataclass
        class Node:
            left: "Node | None" = None
            items: list[int] = field(default_factory=list)
            def size(self) -> int:
                return len(self.items)
        class Plain:
            x: int
            y: int = 3
        def solve(xs):
            n = Node(items=xs)
            total: int = n.size()
            unused: str
            return total, n.left, Plain.y, Node() == Node()
        """,
    "string and operator": """
        import string
        from operator import itemgetter, add, mul as times
        import operator
        from functools import reduce
        def solve(xs):
            return string.ascii_lowercase[:3], string.digits, \\
                sorted([(2, 1), (1, 2)], key=itemgetter(1)), reduce(add, xs, 0), \\
                reduce(operator.xor, xs, 0), times(2, 3), operator.neg(4)
        """,
    "what is for running by itself": """
        import sys, unittest
        sys.setrecursionlimit(10 ** 6)
        def solve(xs):
            def down(n):
                return 0 if n == 0 else 1 + down(n - 1)
            return down(5000)
        if __name__ == "__main__":
            print(solve(list(map(int, input().split()))))
        """,
    "conditional definitions": """
        try:
            import math
        except ImportError:
            math = None
        if True:
            def solve(xs):
                return math.gcd(4, 6)
        else:
            solve = None
        """,
    "a lambda as the function": """
        solve = lambda xs: [x for x in xs if x]
        """,
    "shadowed builtins": """
        def all(xs):
            return "mine"
        def sorted(xs):
            return "mine too"
        def solve(xs):
            list = [1]
            next = lambda g, *d: "third"
            return all(x for x in xs), sorted(xs), list, next(iter(xs), 3)
        """,
    "an attribute called like a method": """
        class Node:
            def __init__(self, count, index):
                self.count = count
                self.index = index
        def solve(xs):
            n = Node(3, 4)
            n.count += 1
            return n.count, n.index
        """,
}  # fmt: skip


def in_cpython(program: str, xs: list[int]) -> Any:
    """What CPython makes of it; a function, or a method of Solution, that is spelled `solve`."""

    class ListNode:
        def __init__(self, val: Any = 0, next: Any = None) -> None:
            self.val = val
            self.next = next

    room: dict[str, Any] = {"__name__": __name__, "ListNode": ListNode}
    deepest = sys.getrecursionlimit()
    exec(compile(program, "candidate", "exec", dont_inherit=True), room)
    entry = room.get("solve")
    if entry is None:
        solution = room["Solution"]()
        entry = next(getattr(solution, n) for n in dir(solution) if n.lower() == "solve")
    try:
        return entry(list(xs))
    finally:
        sys.setrecursionlimit(deepest)


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
async def test_a_program_means_what_it_means_in_cpython(sandbox: Sandbox, program: str) -> None:
    program = textwrap.dedent(program)
    tests = [
        visible(f"({xs!r},)", repr(in_cpython(program, xs)))
        for xs in ([3, 1, 2], [1, 2, 3, 4, 5], [5, 5, 1, 0])
    ]
    report = await sandbox.check(code_task(*tests), program)
    assert (report.cannot_verify, report.problem) == (None, None)
    for case in report.visible:
        assert (case.answer, case.error) == (case.expected, "")
    assert report.all_passed


REFUSED = {
    "yield": ("def solve(xs):\n    yield from xs", "yield from (line 2)"),
    "a generator": (
        "def walk():\n    yield 1\ndef solve(xs):\n    return list(walk())",
        "yield (line 2)",
    ),
    "inheritance": (
        "class E(Exception):\n    pass\ndef solve(xs):\n    raise E(xs)",
        "Exception (line 1)",
    ),
    "a metaclass": (
        "class A(metaclass=type):\n    pass\ndef solve(xs): A()",
        "metaclass (line 1)",
    ),
    "a property": (
        "class A:\n    @property\n    def f(self): ...\ndef solve(xs): A().f",
        "property (line 3)",
    ),
    "numpy": ("import numpy as np\ndef solve(xs):\n    return np.sum(xs)", "numpy (line 1)"),
    "a module": ("def solve(xs):\n    import fractions as f\n    return f.Fraction(1)", "line 2"),
    "a part of one": ("from heapq import _heappop_max\ndef solve(x): _heappop_max(x)", "line 1"),
    "async": ("async def solve(xs): ...", "async (line 1)"),
    "del of an attribute": ("def solve(xs):\n    del xs.a", "del xs.a (line 2)"),
    "del of what is read": ("def solve(xs):\n    del xs\n    return xs", "del xs (line 2)"),
    "a missing method": ("def solve(xs):\n    return (3).to_bytes(1, 'big')", "`to_bytes`"),
    "a missing builtin": ("def solve(xs):\n    return bytearray(xs)", "`bytearray`"),
    "a missing function": (
        "import functools\ndef solve(xs):\n    return functools.singledispatch(solve)",
        "`singledispatch`",
    ),
    "an attribute of a function": ("def solve(xs):\n    solve.seen = 1", "`seen`"),
    "an option": (
        "from dataclasses import dataclass\n@dataclass(order=True)\nclass A:\n    x: int\n"
        "def solve(xs): return A(1)",
        "order option",
    ),
    "truth of an object": (
        "class A:\n    def __bool__(self): return False\ndef solve(xs): return bool(A())",
        "__bool__ (line 2)",
    ),
    "truth of an OrderedDict": (
        "from collections import OrderedDict\ndef solve(xs):\n    d = OrderedDict()\n"
        "    return 1 if not d else 2",
        "empty by its truth (line 4)",
    ),
    "no end": (
        "from itertools import count\ndef solve(xs):\n    g = (x for x in count())\n"
        "    return next(g)",
        "without an end (line 3)",
    ),
}


@pytest.mark.parametrize(("program", "named"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_the_interpreter_lacks_is_named_and_is_no_failure(
    sandbox: Sandbox, program: str, named: str
) -> None:
    report = await sandbox.check(code_task(visible("([],)", "1")), program)
    assert report.cannot_verify is not None
    assert named in report.cannot_verify
    assert (report.problem, report.visible, report.hidden) == (None, (), ())


FAULTY = {
    "no Python": ("def solve(xs)\n    return 1", "SyntaxError", 1),
    "indentation": ("def solve(xs):\nreturn 1", "SyntaxError", 2),
    "another name": ("def answer(xs):\n    return 1", "`solve`", None),
    "nothing": ("", "`solve`", None),
    "an unknown name": ("def solve(xs): ...\n\nprint(undefined)", "NameError", 3),
    "a name that no module has": ("from math import squareroot\ndef solve(xs): ...", "Import", 1),
    "NUL": ("def solve(xs): ...\0", "null bytes", None),
    "too much of it": ("def solve(xs): ...\n" + "#" * 20_000, "20,000", None),
    "never loaded": ("while True: ...\ndef solve(xs): ...", "does not end", None),
    "a bomb when loaded": ("x = [0] * 10 ** 12\ndef solve(xs): ...", "memory", None),
}


@pytest.mark.parametrize(("program", "named", "line"), FAULTY.values(), ids=FAULTY.keys())
async def test_code_that_cannot_be_loaded_is_a_problem_with_its_line(
    sandbox: Sandbox, program: str, named: str, line: int | None
) -> None:
    report = await sandbox.check(code_task(visible("([],)", "1")), program)
    assert report.problem is not None
    assert named in report.problem.message
    assert report.problem.line == line
    assert (report.cannot_verify, report.visible, report.hidden) == (None, (), ())


ERRORS = {
    "lists and others": ("def solve(xs):\n    return [] + (1,)", "TypeError", 2),
    "an index": ("\n\ndef solve(xs):\n    # none\n    return (xs[\n        0])", "IndexError", 5),
    "a nested call": ("def f(x):\n    return 1 / x\ndef solve(xs):\n    return f(0)", "Zero", 2),
    "its own error": ("def solve(xs):\n    raise NotImplementedError('later')", "NotImpl", 2),
    "no such attribute": ("def solve(xs):\n    return xs.first", "AttributeError", 2),
    "no such name": ("def solve(xs):\n    return lenght(xs)", "NameError", 2),
    "no order": ("class A: ...\ndef solve(xs):\n    return A() < A()", "TypeError", 3),
    "input": ("def solve(xs):\n    return input()", "NameError", 2),
    "a wrong call of a method": ("def solve(xs):\n    xs.append(1, 2)", "TypeError", 2),
    "a wrong call of a function": ("def solve(xs):\n    return abs(1, 2)", "TypeError", 2),
    "a wrong call": ("def solve(a, b):\n    return 1", "TypeError", 1),
}


@pytest.mark.parametrize(("program", "named", "line"), ERRORS.values(), ids=ERRORS.keys())
async def test_an_error_of_the_candidate_is_an_error_with_its_line(
    sandbox: Sandbox, program: str, named: str, line: int
) -> None:
    report = await sandbox.check(code_task(visible("([],)", "1")), program)
    assert (report.cannot_verify, report.problem) == (None, None)
    case = report.visible[0]
    assert case.status is CaseStatus.ERROR
    assert named in case.error
    assert case.error.endswith(f"(line {line})")


async def test_code_with_an_odd_escape_is_read_without_a_warning(sandbox: Sandbox) -> None:
    program = "def solve(xs):\n    return '\\d' == chr(92) + 'd'"
    report = await sandbox.check(code_task(visible("([],)", "True")), program)
    assert report.all_passed


async def test_what_passes_is_verified_whatever_was_doubted(sandbox: Sandbox) -> None:
    program = "class A:\n    def __bool__(self): return False\ndef solve(xs): return 1"
    report = await sandbox.check(code_task(visible("([],)", "1")), program)
    assert report.all_passed
