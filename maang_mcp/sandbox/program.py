"""A candidate's program, made ready for the interpreter, and the two reasons why it may not be."""

from __future__ import annotations

from dataclasses import dataclass

from maang_mcp.domain.checking import CodeProblem


class CannotVerify(Exception):
    """The interpreter lacks something that this program uses; says nothing against the program.

    Its text is a sentence for the candidate. It holds no more than names from the program itself,
    so that no value of a hidden test can be in it.
    """


class NotLoadable(Exception):
    """The program could not be loaded by any Python, or does not define what is to be called."""

    def __init__(self, problem: CodeProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Program:
    """Source the interpreter can run, with the way back to what the candidate wrote.

    `names` are all that occur in it, `own` those it defines. `lines[n - 1]` is the candidate's line
    that line n came from. `doubts` are sentences on what the interpreter runs, but not always with
    the meaning it has in Python: a test that fails may fail for that. `lists_grow`: whether `+=`
    was rewritten so that a list takes any iterable.
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
    lists_grow: bool

    def line(self, at: int) -> int | None:
        """The candidate's line, None when it is none of theirs."""
        return self.lines[at - 1] if 0 < at <= len(self.lines) else None
