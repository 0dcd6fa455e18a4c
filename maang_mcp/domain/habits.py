"""Weaknesses of how one works rather than of what one knows: mistakes, pace, rubric dimensions.

Each is a rate or a mean over recent observations, shrunk towards what is usual, because three
observations are three. Mistakes and pace are Beta-binomial, rubric scores normal.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from .attempt import Mistake, Outcome
from .response import normal_cdf, probability_below
from .skills import Round
from .weakness import (
    AttemptEvidence,
    DimensionScore,
    Evidence,
    Trend,
    Weakness,
    WeaknessKind,
    cite,
    label,
)

RECENT = 50
"""Attempts looked back on: a habit is what one does now."""
RECENT_SCORES = 10
"""The same for the scores of one rubric dimension."""
CITED = 3
"""Most observations cited as evidence of one weakness."""
REPEATED = 2
"""Occurrences below which nothing is a habit."""
NOTABLE_RATE = 0.15
"""Share of attempts a mistake must spoil to matter, however rare the others are."""
STANDS_OUT = 1.5
"""Times as often as the learner's other mistakes that one must occur to be a habit. Among several
that are equally common one is always ahead by chance: without a margin that was named."""
SLOW_RATE = 0.25
"""Share of solutions over the limit from which pace is a weakness."""
MISTAKE_PRIOR = (1, 9)
"""Beta prior of a mistake's rate: one in ten attempts, worth ten attempts."""
PACE_PRIOR = (1, 3)
"""Beta prior of solving over the limit: one in four, worth four."""
SCORE_BAR = 3.0
"""Rubric score that passes; also the prior mean of a dimension."""
SCORE_PRIOR = 2.0
"""Sessions the prior mean is worth."""
SCORE_SPREAD = 0.8
"""Standard deviation of one session's score around the true level: a judgement."""
SCORE_MARGIN = 0.25
"""Points below the bar that a true level must lie to be a weakness."""
HALF = 5
"""Observations each half needs before the two are compared for a trend."""
TREND_CONFIDENCE = 0.8

ADVICE = {
    Mistake.MISREAD_PROBLEM: "Restate the problem and walk through one example before coding.",
    Mistake.WRONG_PATTERN: "Name two candidate patterns and what speaks against each, then choose.",
    Mistake.BOUNDARY: "Say the loop invariant aloud and check first, last and empty index.",
    Mistake.EDGE_CASE: "Write four inputs first: empty, one element, duplicates, the largest size.",
    Mistake.COMPLEXITY: "State time and space, and the bound the constraints ask for, up front.",
    Mistake.DATA_STRUCTURE: "List the operations you need and their cost before you pick one.",
    Mistake.IMPLEMENTATION_BUG: "Write the skeleton first, then fill it; trace one case by hand.",
    Mistake.RIGOR: "Give a reason why it is correct before you call it done.",
    Mistake.TESTING: "Keep the last five minutes for running your own cases by hand.",
    Mistake.TIME_MANAGEMENT: "Set a mark: plan by a quarter of the time, code by a half.",
    Mistake.COMMUNICATION: "Think aloud: what you try, why, and what you expect to happen.",
    Mistake.AI_DEPENDENCY: "Solve the next three alone, and ask the assistant only to review.",
    Mistake.REQUIREMENTS: "Spend five minutes on users, scale and what is out of scope.",
    Mistake.ESTIMATION: "Practise one back-of-the-envelope estimate a day: traffic, storage.",
    Mistake.TRADE_OFFS: "For every choice, name the alternative and what you give up.",
    Mistake.BOTTLENECK: "Walk one request through the design and ask what breaks first at 10x.",
    Mistake.NO_METRICS: "Put one number into every story: before, after, how measured.",
    Mistake.NO_RESULT: "End each story with what changed and what you would do differently.",
    Mistake.TOO_LONG: "Rehearse each story to two minutes: situation in two sentences.",
}


def mistakes(history: Sequence[AttemptEvidence]) -> Iterator[Weakness]:
    """Mistakes that keep coming back, the surest first; `history` oldest first.

    A mistake stands out when its rate probably exceeds both a notable share of the attempts (of
    the rounds it occurs in) and, by a margin, the average rate of the learner's other mistakes.
    """
    recent = history[-RECENT:]
    marked: dict[Mistake, list[int]] = defaultdict(list)  # mistake -> places among the recent
    of_round: dict[Round, list[int]] = defaultdict(list)
    for place, recorded in enumerate(recent):
        of_round[recorded.attempt.round].append(place)
        for mistake in dict.fromkeys(recorded.attempt.mistakes):
            marked[mistake].append(place)
    total = sum(len(places) for places in marked.values())
    found = []
    for mistake, places in marked.items():
        if len(places) < REPEATED:
            continue
        occurrences = [recent[place] for place in places]
        rounds = {recorded.attempt.round for recorded in occurrences}
        chances = sorted(chain.from_iterable(of_round[round] for round in rounds))
        made = set(places)
        hits = [place in made for place in chances]
        others = (total - len(occurrences)) / (len(recent) * max(len(marked) - 1, 1))
        bar = min(max(NOTABLE_RATE, STANDS_OUT * others), 1.0)
        rate, confidence = _rate(hits, MISTAKE_PRIOR, bar)
        advice = ADVICE[mistake]
        found.append(
            _habit(WeaknessKind.MISTAKE, mistake, rate, confidence, hits, occurrences, advice)
        )
    return iter(sorted(found, key=lambda weakness: -weakness.confidence))


def pace(history: Sequence[AttemptEvidence]) -> Iterator[Weakness]:
    """Rounds in which the learner solves alone, but too often over the limit."""
    timed: dict[Round, list[tuple[float, AttemptEvidence]]] = defaultdict(list)
    for recorded in history[-RECENT:]:
        attempt = recorded.attempt
        if attempt.outcome is Outcome.SOLVED and attempt.minutes and recorded.limit:
            timed[attempt.round].append((attempt.minutes / recorded.limit, recorded))
    for round, solved in timed.items():
        late = [recorded for ratio, recorded in solved if ratio > 1.0]
        if len(late) < REPEATED:
            continue
        hits = [ratio > 1.0 for ratio, _ in solved]
        rate, confidence = _rate(hits, PACE_PRIOR, SLOW_RATE)
        usual = sorted(ratio for ratio, _ in solved)[len(solved) // 2]
        advice = (
            f"{len(late)} of {len(solved)} solutions came after the limit, the median at"
            f" {usual:.1f} times the limit: have a plan by a third of the time, or drop the idea."
        )
        yield _habit(WeaknessKind.PACE, round, rate, confidence, hits, late, advice)


def dimensions(scores: Sequence[DimensionScore]) -> Iterator[Weakness]:
    """Rubric dimensions whose true level probably lies below the bar, the lowest first.

    Each round has dimensions of its own, also where they are called alike.
    """
    by_dimension: dict[tuple[Round, str], list[DimensionScore]] = defaultdict(list)
    for score in sorted(scores, key=lambda score: score.at):
        by_dimension[score.round, score.dimension].append(score)
    found = []
    for (round, dimension), all_scores in by_dimension.items():
        recent = all_scores[-RECENT_SCORES:]
        n = len(recent)
        mean = (SCORE_PRIOR * SCORE_BAR + sum(s.score for s in recent)) / (SCORE_PRIOR + n)
        if mean >= SCORE_BAR:
            continue
        variance = SCORE_SPREAD**2 / (SCORE_PRIOR + n)
        confidence = probability_below(SCORE_BAR - SCORE_MARGIN, mean, variance)
        shown = ", ".join(f"{score.score:g}" for score in recent[-CITED:])
        found.append(
            Weakness(
                WeaknessKind.DIMENSION,
                f"{round}: {dimension}",
                min(10.0, 10.0 * (SCORE_BAR - mean) / (SCORE_BAR - 1.0)),
                confidence,
                label(confidence, n),
                n,
                _trend([s.score for s in recent], SCORE_SPREAD**2, better=1.0),
                tuple(_cite_score(s) for s in recent[::-1] if s.score < SCORE_BAR)[:CITED],
                f"Scored {shown} in {round.replace('_', ' ')} lately; rehearse this dimension alone"
                " in a short mock of that round.",
            )
        )
    return iter(sorted(found, key=lambda weakness: -weakness.severity))


def _habit(
    kind: WeaknessKind,
    name: str,
    rate: float,
    confidence: float,
    hits: Sequence[bool],
    occurrences: Sequence[AttemptEvidence],
    advice: str,
) -> Weakness:
    """Severity is ten times the rate, so 10 spoils every attempt; the word for it also needs
    enough occurrences, not just enough chances."""
    latest = reversed(occurrences[-CITED:])
    return Weakness(
        kind,
        str(name),
        10.0 * rate,
        confidence,
        label(confidence, len(occurrences)),
        len(hits),
        _trend(hits, rate * (1.0 - rate), better=-1.0),
        tuple(cite(recorded, sum(recorded.skill_changes.values())) for recorded in latest),
        advice,
    )


def _cite_score(score: DimensionScore) -> Evidence:
    below = score.score - SCORE_BAR
    return Evidence(None, score.problem, score.at, None, None, below, score.interview_id)


def _rate(hits: Sequence[bool], prior: tuple[int, int], bar: float) -> tuple[float, float]:
    """Posterior mean of a rate, and P(rate > bar), under a Beta prior of whole counts.

    P(Beta(a, b) > x) = P(Binomial(a + b - 1, x) < a) for whole a, b: exact, and a short sum.
    """
    a = prior[0] + sum(hits)
    trials = sum(prior) + len(hits) - 1
    above = sum(math.comb(trials, j) * bar**j * (1.0 - bar) ** (trials - j) for j in range(a))
    return a / (trials + 1), min(above, 1.0)


def _trend(values: Sequence[float], variance: float, *, better: float) -> Trend:
    """The later half against the earlier; `better` is the sign of a change for the better."""
    half = len(values) // 2
    if half < HALF:
        return Trend.UNKNOWN
    earlier, later = values[:-half], values[-half:]
    change = better * (sum(later) / len(later) - sum(earlier) / len(earlier))
    error = math.sqrt(variance / len(later) + variance / len(earlier))
    if normal_cdf(change / error) > TREND_CONFIDENCE:
        return Trend.IMPROVING
    return Trend.DECLINING if normal_cdf(-change / error) > TREND_CONFIDENCE else Trend.STEADY
