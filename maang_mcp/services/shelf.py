"""Questions by name: those of the bank, well-known ones, and the learner's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from maang_mcp.content.hints import hints_for
from maang_mcp.content.loader import catalogue
from maang_mcp.content.questions import questions
from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.errors import InvalidInput, UnknownProblem
from maang_mcp.domain.hints import HintLadder
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.question import Question
from maang_mcp.domain.skills import Round

SUGGESTED = 3
CONSIDERED = 30
"""Similar names looked through for suggestions of the round that is wanted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as an interview uses it: one of ours with its guide, or a known problem."""

    problem: Problem
    hints: HintLadder
    question: Question | None

    @property
    def slug(self) -> str:
        """Its natural id."""
        return self.problem.slug


class Shelf:
    """Finds questions by name or slug."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def named(self, name: str, own: Sequence[Problem], round: Round) -> Asked:
        """The question somebody named; raises UnknownProblem for a name nobody knows, and
        InvalidInput for one of another round."""
        bank = questions()
        if problem := self._catalogue.resolve(name, also=own, round=round):
            ours = bank.get(problem.slug)
            found = self.theirs(problem) if ours is None else self.ours(ours)
        else:
            near = self._catalogue.near(name, CONSIDERED, also=own)
            fitting = [problem.slug for problem in near if problem.round is round][:SUGGESTED]
            raise UnknownProblem(
                f"No question goes by the name {name[:80]!r}"
                + (f"; near it: {', '.join(fitting)}." if fitting else "."),
                hint="Find one with `search_problems`; for a question of your own, record an "
                "attempt at it once, then pass its title and let the candidate paste the text.",
            )
        if found.problem.round is not round:
            raise InvalidInput(
                f"{found.problem.title} belongs to {_spoken(found.problem.round)} interviews, "
                f"not to {_spoken(round)} ones.",
                hint=f"Name a question of the {_spoken(round)} round, or leave out `question`.",
            )
        return found

    def known(self, slug: str, own: Sequence[Problem]) -> Asked | None:
        """The question of that slug: one of ours, a well-known one, or the learner's own."""
        bank = questions()
        if slug in bank:
            return self.ours(bank[slug])
        problem = self._catalogue.get(slug) or next((p for p in own if p.slug == slug), None)
        return None if problem is None else self.theirs(problem)

    def ours(self, question: Question) -> Asked:
        """One of the bank."""
        problem = self._catalogue.get(question.slug)
        assert problem is not None  # the catalogue holds the whole bank
        return Asked(problem, question.hints, question)

    def theirs(self, problem: Problem) -> Asked:
        """A problem that the bank has no file for."""
        return Asked(problem, hints_for(problem.skills, problem.round), None)


def ours_named(name: str) -> Question | None:
    """The question of the bank that somebody names, by its slug or title; None where the name
    means another problem, or nothing for certain."""
    problem = catalogue().resolve(name)
    return None if problem is None else questions().get(problem.slug)


def _spoken(round: Round) -> str:
    return round.replace("_", " ")
