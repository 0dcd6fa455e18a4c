"""Where a learner stands, and how one attempt moves it: the fold that derives everything.

`Standing` after a list of attempts is `functools.reduce` of `practise` over them in the order they
happened. Recording does one step of it, replaying does all; both leave the same state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from .attempt import Attempt, Grade, Outcome, Rating, grade, rate
from .mastery import Item, LearnerState, Observation, expected_on_repeat, observe, repeat_weight
from .problem import Problem
from .scheduling import Review, ReviewLog, retrievability, review
from .skills import Skill
from .weakness import AttemptEvidence

_VISIBLE: Final = 0.005
"""Logits from which a change is told as more than 0.00."""
_EVEN: Final = 0.5


@dataclass(frozen=True, slots=True)
class ProblemHistory:
    """What is known of one problem: its review card, and how the last attempt at it ended."""

    review: Review
    last_outcome: Outcome


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything derived about one learner: beliefs about skills, memories of problems."""

    learner: LearnerState = field(default_factory=LearnerState.new)
    problems: Mapping[str, ProblemHistory] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What one attempt changed. `expected` is the probability of solving it that was believed
    before, `standing` the whole state after."""

    attempt: Attempt
    problem: Problem
    grade: Grade
    rating: Rating
    expected: float
    observation: Observation
    review: Review
    log: ReviewLog
    standing: Standing

    def explain(self, graph: Mapping[str, Skill]) -> str:
        """One line: "predicted 72 %, failed: Dynamic programming -0.21, overall -0.09", and what
        is odd about it: a skill that rose by a failure, a prediction that rested on nothing."""
        odd = []
        changes = self.observation.skill_changes.values()
        if self.grade is Grade.FAILED and any(by >= _VISIBLE for by in changes):
            hard = " at a hard one" if self.expected < _EVEN else ""
            odd.append(f"a real attempt{hard} counts for the skill")
        tried = self.observation.state.skills
        if not any(tried[tag].attempts > 1 for tag in self.problem.skills if tag in tried):
            odd.append("the prediction was a guess")
        line = f"predicted {100 * self.expected:.0f} %, {self.grade.replace('_', ' ')}: "
        line += ", ".join(self._moved(graph))
        return f"{line} ({'; '.join(odd)})" if odd else line

    def _moved(self, graph: Mapping[str, Skill]) -> Iterator[str]:
        """Each change of a skill that can be seen, the largest first, and that of the ability."""
        changes = self.observation.skill_changes.items()
        for id, by in sorted(changes, key=lambda change: -abs(change[1])):
            if abs(by) >= _VISIBLE:
                yield f"{graph[id].name if id in graph else id} {by:+.2f}"
        yield f"overall {self.observation.ability_change:+.2f}"

    @property
    def evidence(self) -> AttemptEvidence:
        """The attempt as evidence for a weakness."""
        return AttemptEvidence(
            self.attempt,
            self.expected,
            self.observation.skill_changes,
            self.observation.skill_levels,
            self.problem.minutes,
        )


def practise(standing: Standing, attempt: Attempt, problem: Problem) -> Consequence:
    """One attempt applied.

    A repeat of a problem whose last attempt was solved is partly a test of memory: it counts as
    evidence of skill only as far as the solution may have been forgotten (docs/learner-model.md).
    """
    graded = _grade(attempt, problem)
    rating = rate(graded, attempt.minutes, problem.minutes, attempt.confidence)
    history = standing.problems.get(problem.slug)
    item = Item.of(problem)
    recalled = (
        retrievability(history.review, attempt.at)
        if history is not None and history.last_outcome is Outcome.SOLVED
        else None
    )
    observation = observe(
        standing.learner,
        item,
        graded,
        attempt.at,
        culprit=attempt.culprit_skill,
        weight=1.0 if recalled is None else repeat_weight(recalled),
    )
    expected = (
        observation.expected
        if recalled is None
        else expected_on_repeat(observation.expected, recalled)
    )
    card, log = review(history.review if history else None, problem.slug, rating, attempt.at)
    after = replace(
        standing,
        learner=observation.state,
        problems={**standing.problems, problem.slug: ProblemHistory(card, attempt.outcome)},
    )
    return Consequence(
        attempt=attempt,
        problem=problem,
        grade=graded,
        rating=rating,
        expected=expected,
        observation=observation,
        review=card,
        log=log,
        standing=after,
    )


def remembered(attempts: Iterable[tuple[Attempt, Problem]]) -> dict[str, ProblemHistory]:
    """What attempts leave of the memories of their problems, whatever they say of skills."""
    histories: dict[str, ProblemHistory] = {}
    for attempt, problem in _in_order(attempts):
        rating = rate(
            _grade(attempt, problem), attempt.minutes, problem.minutes, attempt.confidence
        )
        history = histories.get(problem.slug)
        card, _ = review(history.review if history else None, problem.slug, rating, attempt.at)
        histories[problem.slug] = ProblemHistory(card, attempt.outcome)
    return histories


def replay(
    attempts: Iterable[tuple[Attempt, Problem]], standing: Standing | None = None
) -> list[Consequence]:
    """Every attempt applied, in the order they happened; simultaneous ones by their id.

    Begins with `standing`, by default that of somebody of whom nothing is known.
    """
    consequences: list[Consequence] = []
    standing = standing or Standing()
    for attempt, problem in _in_order(attempts):
        consequence = practise(standing, attempt, problem)
        standing = consequence.standing
        consequences.append(consequence)
    return consequences


def _grade(attempt: Attempt, problem: Problem) -> Grade:
    return grade(attempt.outcome, attempt.minutes, problem.minutes)


def _in_order(attempts: Iterable[tuple[Attempt, Problem]]) -> list[tuple[Attempt, Problem]]:
    return sorted(attempts, key=lambda pair: (pair[0].at, pair[0].id))
