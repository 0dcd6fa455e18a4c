"""What a study plan teaches, in which order: problems for every skill that matters.

The order is greedy. Each next problem is for the skill that is worth most now: asked often, far
below the bar, and still short of problems, untested skills first. The problem itself is the one
`planning` would recommend for that skill, among those whose prerequisites have come before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from .diagnosis import severity_of
from .mastery import LearnerState, mastery
from .outlook import Outlook
from .parameters import MEDIUM_REFERENCE
from .planning import BAND, SINGLE_SKILL_ATTEMPTS, TARGET, misfit
from .problem import Problem
from .skills import Round, SkillGraph

MATTERS = 0.05
"""Share of the interviews of its round from which a skill is part of the goal."""
SEVERITY_PER_PROBLEM = 2.5
"""Points of severity (0-10) that one problem of a skill is planned for (judgement)."""
FIRST_PROBLEMS = 2
"""Problems of a skill nobody has tested yet, however well it is expected to go."""
UNTESTED_FIRST = 2.0
"""How much more an untested skill is worth than one that has come up."""
LEAST_NEED = 0.05
"""What practice of a skill at the bar is still worth, of 1 for one that is never solved."""


@dataclass(frozen=True, slots=True)
class Step:
    """One new problem, the skill it is for, P(solve), and whether the goal needs it.

    `needs` are the untested skills that have to come before it.
    """

    problem: Problem
    skill: str
    expected: float
    required: bool
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Material:
    """What a syllabus is made from: the beliefs, the curriculum, and the problems not yet tried.

    `kept` are problems of an earlier plan, each with the skill it was for: among equally good
    ones for that skill they stay. `reference` is the difficulty (logits) that the target level
    asks.
    """

    state: LearnerState
    graph: SkillGraph
    unseen: Sequence[Problem]
    at: datetime
    kept: Mapping[str, str] = field(default_factory=dict)
    reference: float = MEDIUM_REFERENCE

    def severity(self, skill: str) -> float:
        """How far the skill, tested or not, lies below the bar, 0 to 10."""
        return severity_of(mastery(self.state, skill, self.at, self.reference))


def problems_wanted(material: Material, rounds: Collection[Round]) -> dict[str, int]:
    """How many problems of each skill the goal needs; skills it needs none of are left out.

    A skill that matters gets one for every 2.5 points of severity, an untested one at least two;
    an untested skill that one of those rests on gets one.
    """
    state, graph, wanted = material.state, material.graph, dict[str, int]()
    for skill in graph.values():
        if skill.round in rounds and skill.frequency >= MATTERS:
            untested = skill.id not in state.skills
            short_by = ceil(material.severity(skill.id) / SEVERITY_PER_PROBLEM)
            number = max(short_by, FIRST_PROBLEMS if untested else 0)
            if number:
                wanted[skill.id] = number
    for needed in [needed for skill in wanted for needed in graph.ancestors(skill)]:
        if needed not in state.skills:
            wanted.setdefault(needed, 1)
    return wanted


class Syllabus:
    """The steps in order: `required` are all that the goal needs, `further` goes on from there.

    Problems of at most `longest` minutes are preferred. `aimed_at` are the skills of the goal, the
    most worthwhile first; `unreachable` those of them that no problem is left for. `waived` are
    prerequisites that something comes before, because no problem brings them first.
    """

    def __init__(self, material: Material, rounds: Collection[Round], longest: int) -> None:
        self._graph, self._kept, self._longest = material.graph, material.kept, longest
        self._wanted = problems_wanted(material, rounds)
        self._left = dict(self._wanted)
        self._severity = {
            skill.id: material.severity(skill.id)
            for skill in self._graph.values()
            if skill.round in rounds or skill.id in self._wanted
        }
        self._demand = _demand(self._graph, self._severity)
        self._tested = frozenset(material.state.skills)
        self._introduced = set(self._tested)
        self._waived = frozenset[str]()
        self._outlook = Outlook(material.state, material.at)
        self._ancestors = {skill: self._graph.ancestors(skill) for skill in self._graph}
        self._needs: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        self._tagged: dict[str, dict[str, Problem]] = {skill: {} for skill in self._severity}
        for problem in material.unseen:
            if problem.round in rounds and problem.skills:
                self._file(problem)
        self.aimed_at = tuple(sorted(self._wanted, key=lambda skill: -self._worth(skill)))
        self.required = tuple(self._steps(self._short, required=True))
        self.unreachable = tuple(self._short())

    @property
    def waived(self) -> tuple[str, ...]:
        """Prerequisites waived so far."""
        return tuple(sorted(self._waived))

    def further(self) -> Iterator[Step]:
        """More practice after what is required, for as long as there are problems; goes on where
        it was left."""
        return self._steps(self._further, required=False)

    def _steps(self, skills: Callable[[], list[str]], *, required: bool) -> Iterator[Step]:
        while step := self._next(skills(), required=required):
            yield step

    def _file(self, problem: Problem) -> None:
        tags = frozenset(tag for tag in problem.skills if tag in self._graph)
        needs = frozenset().union(*(self._ancestors[tag] for tag in tags))
        self._needs[problem.slug] = (needs, needs - tags)
        for tag in tags:
            if tag in self._tagged:
                self._tagged[tag][problem.slug] = problem

    def _short(self) -> list[str]:
        """The skills that still need problems, the most worthwhile first."""
        return sorted(
            (skill for skill, left in self._left.items() if left > 0),
            key=lambda skill: -self._worth(skill) * self._left[skill] / self._wanted[skill],
        )

    def _further(self) -> list[str]:
        """All skills in the order in which more practice is worth it."""
        practised = self._outlook.planned
        return sorted(
            self._severity, key=lambda skill: -self._worth(skill) / (1 + practised.get(skill, 0))
        )

    def _worth(self, skill: str) -> float:
        need = max(self._severity[skill] / 10.0, LEAST_NEED)
        untested = skill not in self._introduced
        return self._demand[skill] * need * (UNTESTED_FIRST if untested else 1.0)

    def _next(self, skills: Sequence[str], *, required: bool) -> Step | None:
        """A problem for the first of the skills that has one.

        Where no problem keeps strictly to the order, one may bring a skill together with what
        that rests on; where none does that either, the one that lacks the least is taken, and
        what it lacks is waived.
        """
        for together in (False, True):
            for skill in skills:
                open_problems = list(self._open(skill, together))
                if open_problems:
                    return self._take(skill, open_problems, required, together)
        lacking = [
            (len(self._lacks(slug)), place, skill, problem)
            for place, skill in enumerate(skills)
            for slug, problem in self._tagged[skill].items()
        ]
        if not lacking:
            return None
        least, place, skill, _ = min(lacking, key=lambda lack: lack[:2])
        problems = [lack[3] for lack in lacking if lack[:2] == (least, place)]
        return self._take(skill, problems, required, together=True)

    def _lacks(self, slug: str) -> frozenset[str]:
        return self._needs[slug][True] - self._introduced

    def _open(self, skill: str, together: bool) -> Iterator[Problem]:
        for slug, problem in self._tagged[skill].items():
            if self._needs[slug][together] <= self._introduced:
                yield problem

    def _take(
        self, skill: str, problems: Sequence[Problem], required: bool, together: bool
    ) -> Step:
        beginning = self._outlook.attempts(skill) < SINGLE_SKILL_ATTEMPTS

        def cost(problem: Problem) -> tuple[bool, tuple[float, ...]]:
            expected = self._outlook.expected(problem)
            unfit = misfit(problem, skill, expected, missing=missing, beginning=beginning)
            return self._kept.get(problem.slug) != skill, unfit

        # Most problems lose by their length, by what they lack or by their chance alone.
        short, missing = [one for one in problems if one.minutes <= self._longest] or problems, 0
        if together:
            lacking = [len(self._needs[one.slug][False] - self._introduced) for one in short]
            missing = min(lacking)
            short = [one for one, n in zip(short, lacking, strict=True) if n == missing]
        expect = self._outlook.expected
        outside = [max(0.0, abs(expect(one) - TARGET) - BAND) for one in short]
        least = min(outside)
        best = min((one for one, off in zip(short, outside, strict=True) if off == least), key=cost)
        lacks = self._lacks(best.slug)
        self._waived |= lacks
        needs = self._needs[best.slug][together] - self._tested - lacks
        step = Step(best, skill, self._outlook.expected(best), required, needs)
        for tag in dict.fromkeys(best.skills):
            self._outlook.practise(tag)
            self._introduced.add(tag)
            if tag in self._left:
                self._left[tag] -= 1
            if tag in self._tagged:
                del self._tagged[tag][best.slug]
        return step


def _demand(graph: SkillGraph, skills: Collection[str]) -> Mapping[str, float]:
    """How much each skill is asked for, 1 for the most asked of its round.

    A skill is asked for as often as the most frequent one that rests on it.
    """
    asked = {skill: graph[skill].frequency for skill in skills}
    for skill in reversed(list(graph)):
        for required in graph[skill].prerequisites:
            if skill in asked and required in asked:
                asked[required] = max(asked[required], asked[skill])
    most = {
        round: max(asked[skill] for skill in asked if graph[skill].round is round)
        for round in {graph[skill].round for skill in asked}
    }
    return {skill: frequency / most[graph[skill].round] for skill, frequency in asked.items()}
