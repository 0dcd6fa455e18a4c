"""What else one could rank topics by: three textbook scores, the weakest topic lowest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from maang_mcp.domain.attempt import Grade
from maang_mcp.domain.response import sigmoid
from maang_mcp.domain.standing import Consequence

PSEUDO_ATTEMPTS = 4.0
"""Attempts at the learner's own rate that smooth a topic's: a Beta prior."""
STEP, SETTLING = 1.0, 0.1
"""Elo: K = STEP / (1 + SETTLING n), in logits."""

Scores = dict[str, float]


def solve_rate(history: Sequence[Consequence], prior: float = 0.0) -> Scores:
    """Share solved alone and in time of each topic's attempts, smoothed by so many at the
    learner's own rate."""
    solved = [one.grade is Grade.SOLVED for one in history]
    own = sum(solved) / max(len(solved), 1)
    seen: dict[str, list[float]] = {}
    for one, success in zip(history, solved, strict=True):
        for topic in one.problem.skills:
            counts = seen.setdefault(topic, [prior * own, prior])
            counts[0] += success
            counts[1] += 1.0
    return {topic: successes / n - own for topic, (successes, n) in seen.items()}


def elo(history: Sequence[Consequence]) -> Scores:
    """Multi-concept Elo (Pelanek 2016): a rating of the learner and one of each topic, against the
    problem's label; the topic's own rating ranks."""
    rating = 0.0
    ratings: Scores = {}
    counts: dict[str, int] = {}
    for n, one in enumerate(history):
        topics = one.problem.skills
        mean = sum(ratings.get(topic, 0.0) for topic in topics) / len(topics)
        error = (one.grade is Grade.SOLVED) - sigmoid(rating + mean - one.problem.item.mean)
        rating += STEP / (1.0 + SETTLING * n) * error
        for topic in topics:
            k = STEP / (1.0 + SETTLING * counts.get(topic, 0))
            ratings[topic] = ratings.get(topic, 0.0) + k * error
            counts[topic] = counts.get(topic, 0) + 1
    return ratings


def baselines(history: Sequence[Consequence]) -> Mapping[str, Scores]:
    """All of them, by the name they are printed under; a topic never tried has no score."""
    return {
        "smoothed rate": solve_rate(history, PSEUDO_ATTEMPTS),
        "raw rate": solve_rate(history),
        "Elo": elo(history),
    }
