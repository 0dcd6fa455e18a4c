"""A candidate's program, made ready for the interpreter, and the two reasons why it may not be."""

from __future__ import annotations

from dataclasses import dataclass

from maang_mcp.domain.checking import CodeProblem


class CannotVerify(Exception):
    """The interpreter lacks something that this program uses; says nothing against the program.

    Its text is a sentence for the candidate. It holds no more than names from the program itself,
    so that no value of a hidden test can be in it. `line` is the candidate's, where one is to
    blame: without it the rest of the program can be tested.
    """

    def __init__(self, text: str, line: int | None = None) -> None:
        super().__init__(text)
        self.line = line


class NotLoadable(Exception):
    """The program could not be loaded by any Python, or does not define what is to be called."""

    def __init__(self, problem: CodeProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Program:
    """Source the interpreter can run, with the way back to what the candidate wrote.

    `names` are all that occur in it, `own` those it defines. `lines[n - 1]` is the candidate's line
    that line n came from. `doubts` are sentences on what the interpreter cannot run, or not always
    with the meaning it has in Python: a test that comes to one tells by its number, and fails for
    that, perhaps; `always` are the numbers of those that every test comes to. `raises` are the
    lines on which the program raises of its own accord. `lists_grow`: whether `+=` was rewritten so
    that a list takes any iterable.
    """

    prelude: str
    source: str
    lines: tuple[int, ...]
    entry: str
    recursion: int
    names: frozenset[str]
    own: frozenset[str]
    own_dunders: frozenset[str]
    doubts: tuple[str, ...]
    always: frozenset[int]
    raises: frozenset[int]
    lists_grow: bool

    def line(self, at: int) -> int | None:
        """The candidate's line, None when it is none of theirs."""
        return self.lines[at - 1] if 0 < at <= len(self.lines) else None
