"""From scores to a verdict, and to the outcome that the learner model is told.

    strong hire        mean >= 3.5 and nothing below 3
    leaning hire       mean >= 3, no 1, at most one 2, and core dimensions all at 3 or more
    leaning no hire    mean >= 2 and no 1 in a core dimension
    strong no hire     everything else

Each line asks for more than the line below it, and for nothing that a higher score could break:
raising a score never lowers the verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from statistics import fmean

from . import hints
from .attempt import Outcome
from .level import Level
from .rubric import BAR, HIGHEST, LOWEST, FinalScore, Rubric, Signals, ceilings


class Label(StrEnum):
    """The hiring scale, best first."""

    STRONG_HIRE = "strong hire"
    LEANING_HIRE = "leaning hire"
    LEANING_NO_HIRE = "leaning no hire"
    STRONG_NO_HIRE = "strong no hire"


_SCALE = tuple(Label)


@dataclass(frozen=True, slots=True)
class Raise:
    """A dimension that had to score `to` instead of `score`, and what that would have taken."""

    dimension: str
    score: int
    to: int
    by: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one interview says; `average` is the mean score.

    `would_have_raised_it` is the smallest set of higher scores that reaches the next label, empty
    at the top. `at_worst` and `at_best` are the labels one point less or more in a single dimension
    would have given, which `uncertainty` puts into a sentence. `decided_by` is the rule that kept
    it from the next label, as a clause, and stands before it.
    """

    label: Label
    average: float
    would_have_raised_it: tuple[Raise, ...]
    at_worst: Label
    at_best: Label
    decided_by: str
    uncertainty: str


def label_of(scores: Mapping[str, int], rubric: Rubric) -> Label:
    """The label that the rule above gives these scores, one for each dimension."""
    mean = fmean(scores.values())
    below = sum(score < BAR for score in scores.values())
    lowest = min(scores.values())
    core = min((scores[item.name] for item in rubric.dimensions if item.core), default=HIGHEST)
    if mean >= 3.5 and below == 0:
        return Label.STRONG_HIRE
    if mean >= BAR and below <= 1 and lowest > LOWEST and core >= BAR:
        return Label.LEANING_HIRE
    if mean >= 2 and core > LOWEST:
        return Label.LEANING_NO_HIRE
    return Label.STRONG_NO_HIRE


def verdict(finals: Sequence[FinalScore], level: Level, rubric: Rubric) -> Verdict:
    """The verdict on scores that are complete, as `apply_ceilings` returns them.

    The level does not move the bar: what a 3 takes at each level is in the anchors.
    """
    scores = {final.dimension: final.score for final in finals}
    label = label_of(scores, rubric)
    worst, best = _spread(scores, rubric)
    decided_by = _decided_by(label, scores, rubric)
    return Verdict(
        label=label,
        average=round(fmean(scores.values()), 2),
        would_have_raised_it=_raises(finals, label, level, rubric),
        at_worst=worst,
        at_best=best,
        decided_by=decided_by,
        uncertainty=f"What decided: {decided_by}. {_uncertainty(label, worst, best)}",
    )


def outcome_of(
    stated: Outcome, finals: Sequence[FinalScore], signals: Signals, rubric: Rubric
) -> Outcome:
    """What the learner model is told: the stated outcome, lowered where the interview shows less.

    Code that failed tests solved nothing, and neither did an answer below the bar in a core
    dimension. What hints alone held below it was still solved, but with hints; so was everything
    after a hint that names the approach. Nothing is ever raised.
    """
    if stated not in (Outcome.SOLVED, Outcome.SOLVED_WITH_HINTS):
        return stated
    if signals.tests_failed or _fell_short(finals, replace(signals, hints_given=0), rubric):
        return Outcome.FAILED
    if signals.hints_given >= hints.GIVES_THE_APPROACH:
        return Outcome.SOLVED_WITH_HINTS
    return stated


def _fell_short(finals: Sequence[FinalScore], signals: Signals, rubric: Rubric) -> bool:
    """Whether a core dimension is below the bar, by its grade or by what these signals allow."""
    limits = ceilings(signals, rubric)
    core = {dimension.name for dimension in rubric.dimensions if dimension.core}
    return any(
        final.given < BAR or (final.dimension in limits and limits[final.dimension].highest < BAR)
        for final in finals
        if final.dimension in core
    )


def _decided_by(label: Label, scores: Mapping[str, int], rubric: Rubric) -> str:
    """The first demand of the next label that these scores do not meet."""
    core = {dimension.name for dimension in rubric.dimensions if dimension.core}
    below = [name for name, score in scores.items() if score < BAR]
    lowest = [name for name, score in scores.items() if score == LOWEST]
    core_below = [name for name in below if name in core]
    match label:
        case Label.STRONG_HIRE:
            return "nothing is below the bar and the average is 3.5 or more"
        case Label.LEANING_HIRE:
            return _below_the_bar(below) if below else "the average is below 3.5"
        case Label.LEANING_NO_HIRE:
            if core_below:
                return _below_the_bar(core_below)
            if lowest:
                return _at_the_bottom(lowest)
            return _below_the_bar(below) if len(below) > 1 else f"the average is below {BAR}"
        case Label.STRONG_NO_HIRE:
            core_lowest = [name for name in lowest if name in core]
            return _at_the_bottom(core_lowest) if core_lowest else "the average is below 2"


def _below_the_bar(names: Sequence[str]) -> str:
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} below the bar"


def _at_the_bottom(names: Sequence[str]) -> str:
    return f"{' and '.join(names)} scored {LOWEST}"


def _spread(scores: Mapping[str, int], rubric: Rubric) -> tuple[Label, Label]:
    """The lowest and highest label within one point in one dimension."""
    labels = {
        label_of({**scores, name: min(max(score + step, LOWEST), HIGHEST)}, rubric)
        for name, score in scores.items()
        for step in (-1, 0, 1)
    }
    ranked = sorted(labels, key=_SCALE.index)
    return ranked[-1], ranked[0]


def _uncertainty(label: Label, worst: Label, best: Label) -> str:
    if worst is best:
        moved = f"one point in any dimension would still have made it '{label}'"
    elif label is worst:
        moved = f"one point more in a single dimension could have made it '{best}'"
    elif label is best:
        moved = f"one point less in a single dimension could have made it '{worst}'"
    else:
        moved = f"one point in a single dimension could have made it '{worst}' or '{best}'"
    return f"One session is volatile: {moved}. Trust the trend over several."


def _raises(
    finals: Sequence[FinalScore], label: Label, level: Level, rubric: Rubric
) -> tuple[Raise, ...]:
    """The fewest points, spent on the lowest scores, that would have reached the next label."""
    if label is _SCALE[0]:
        return ()
    wanted = _SCALE.index(label) - 1
    start = [final.score for final in finals]
    names = [final.dimension for final in finals]
    reaching = (
        combination
        for combination in product(*(range(score, HIGHEST + 1) for score in start))
        if _SCALE.index(label_of(dict(zip(names, combination, strict=True)), rubric)) <= wanted
    )
    nearest = min(reaching, key=lambda scores: (sum(scores), -min(scores), sorted(scores)[::-1]))
    anchors = {dimension.name: dimension for dimension in rubric.dimensions}
    return tuple(
        Raise(
            dimension=final.dimension,
            score=final.score,
            to=to,
            by=f"Without the ceiling: {final.ceiling}."
            if final.ceiling and to <= final.given
            else anchors[final.dimension].anchor(level, to),
        )
        for final, to in zip(finals, nearest, strict=True)
        if to > final.score
    )
