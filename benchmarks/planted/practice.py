"""A candidate practises for months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from random import Random
from uuid import UUID

from maang_mcp.domain.attempt import Attempt
from maang_mcp.domain.planning import Practice
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.skills import Round
from maang_mcp.domain.standing import Consequence, Standing, practise

from .candidates import Candidate
from .policies import Moment, Policy

START = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)
BETWEEN = timedelta(hours=12)
"""Two attempts a day."""


def practising(candidate: Candidate, policy: Policy, name: str) -> Iterator[Consequence]:
    """What each attempt leaves on record, without end; `name` fixes the choices.

    The candidate has made no attempt beyond the one that was yielded last.
    """
    dice, standing = Random(f"choices:{name}"), Standing()
    kinds: list[Practice] = []
    for n in count():
        at = START + n * BETWEEN
        problem = policy(Moment(candidate.world, candidate, standing, at, dice, kinds))
        consequence = practise(standing, attempted(candidate, problem, n, at), problem)
        standing = consequence.standing
        yield consequence


def history(candidate: Candidate, policy: Policy, attempts: int, name: str) -> list[Consequence]:
    """The first so many attempts."""
    return list(islice(practising(candidate, policy, name), attempts))


def attempted(candidate: Candidate, problem: Problem, n: int, at: datetime) -> Attempt:
    """The n-th attempt of a candidate."""
    told = candidate.attempt(problem)
    return Attempt(
        id=UUID(int=n),
        problem=problem.slug,
        round=Round.CODING,
        outcome=told.outcome,
        at=at,
        minutes=told.minutes,
        hints=told.hints,
        mistakes=told.mistakes,
        culprit_skill=told.culprit,
    )
