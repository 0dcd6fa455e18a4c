"""Where a learner stands, and how one attempt moves it: the fold that derives everything.

`Standing` after a list of attempts is `functools.reduce` of `practise` over them in the order they
happened. Recording does one step of it, replaying does all; both leave the same state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from .attempt import Attempt, Grade, Outcome, Rating, grade, rate
from .mastery import Item, LearnerState, Observation, expected_on_repeat, observe, repeat_weight
from .problem import Problem
from .scheduling import Review, ReviewLog, retrievability, review
from .weakness import AttemptEvidence


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
    evidence of skill only as far as the solution may have been forgotten (learner model, 4.6).
    """
    graded = grade(attempt.outcome, attempt.minutes, problem.minutes)
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


def replay(attempts: Iterable[tuple[Attempt, Problem]]) -> list[Consequence]:
    """Every attempt applied, in the order they happened; simultaneous ones by their id."""
    ordered = sorted(attempts, key=lambda pair: (pair[0].at, pair[0].id))
    consequences: list[Consequence] = []
    standing = Standing()
    for attempt, problem in ordered:
        consequence = practise(standing, attempt, problem)
        standing = consequence.standing
        consequences.append(consequence)
    return consequences
