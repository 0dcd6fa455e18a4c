"""How an interview is scored: dimensions with anchored scores, and ceilings on what they can be.

The grader gives each dimension 1 to 4 with quotes as evidence; 3 is the bar. The server then lowers
what its own signals contradict, and says so beside the grader's score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from . import hints
from .errors import InvalidInput
from .level import Level
from .skills import Round
from .substance import Substance

LOWEST: Final = 1
BAR: Final = 3
HIGHEST: Final = 4
EVERY: Final = "*"
"""Every dimension of the rubric, in a ceiling rule."""


class Signal(StrEnum):
    """What the server itself knows about an interview, each as a number (0: nothing amiss)."""

    HINTS_GIVEN = "hints_given"
    TESTS_FAILED = "tests_failed"
    OVER_TIME = "over_time"
    UNTESTED = "untested"
    UNVERIFIED = "unverified"
    SAID_LITTLE = "said_little"
    TERMS_ONLY = "terms_only"
    NO_FIGURE = "no_figure"
    OWN_PART_UNCLEAR = "own_part_unclear"


LITTLE: Final = 60
"""Different words of the candidate, code included, below which no dimension can have been shown."""

FAR_OVER: Final = 1.5
"""Times its minutes from which an interview is far over time."""

NEXT_TO_NOTHING: Final = 20
"""Words below which nothing was shown at all."""


@dataclass(frozen=True, slots=True)
class Signals:
    """The server's own observations; None where nothing was observed, which limits nothing.

    `tests_failed` counts tests the final code failed, `tested` says whether the candidate tested
    at all, `verified` whether a run could tell of the code, `minutes` is the counted time, which
    is `far_over_time` from `FAR_OVER` times that of the interview on.
    `said` counts in the candidate's words.
    """

    hints_given: int = 0
    tests_failed: int | None = None
    over_time: bool = False
    far_over_time: bool = False
    tested: bool | None = None
    verified: bool | None = None
    minutes: float | None = None
    said: Substance | None = None

    def value(self, signal: Signal) -> int:
        """The signal as the number that ceiling rules compare with."""
        match signal:
            case Signal.HINTS_GIVEN:
                return self.hints_given
            case Signal.TESTS_FAILED:
                return self.tests_failed or 0
            case Signal.OVER_TIME:
                return self.over_time + self.far_over_time
            case Signal.UNTESTED:
                return int(self.tested is False)
            case Signal.UNVERIFIED:
                return int(self.verified is False)
            case Signal.SAID_LITTLE:
                words = LITTLE if self.said is None else self.said.different
                return (words < LITTLE) + (words < NEXT_TO_NOTHING)
            case Signal.TERMS_ONLY:
                return int(self.said is not None and self.said.terms_only)
            case Signal.NO_FIGURE:
                return int(self.said is not None and self.said.english and not self.said.figures)
            case Signal.OWN_PART_UNCLEAR:
                return int(self.said is not None and self.said.we > 2 * self.said.i)


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing that is judged; `anchors` describes the scores 1 to 4 at each level.

    Without a score at the bar in every `core` dimension there is no hire.
    """

    name: str
    asks: str
    core: bool
    anchors: Mapping[Level, tuple[str, str, str, str]]

    def anchor(self, level: Level, score: int) -> str:
        """What that score looks like at that level."""
        return self.anchors[level][score - LOWEST]


@dataclass(frozen=True, slots=True)
class CeilingRule:
    """From `at_least` of a signal on, the dimension scores no more than `highest`; "*" is each."""

    signal: Signal
    at_least: int
    dimension: str
    highest: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rubric:
    """How one kind of interview is judged.

    Raises ValueError for a rule about a dimension that does not exist, for an anchor or rule off
    the scale, and for a level without anchors: a rubric is the product's own data.
    """

    round: Round
    dimensions: tuple[Dimension, ...]
    ceilings: tuple[CeilingRule, ...]

    def __post_init__(self) -> None:
        if not self.names or len(set(self.names)) != len(self.names):
            raise ValueError(f"the dimensions of {self.round} need names that differ")
        for dimension in self.dimensions:
            if set(dimension.anchors) != set(Level):
                raise ValueError(f"{dimension.name} is not anchored at every level")
        for rule in self.ceilings:
            if rule.dimension not in (EVERY, *self.names) or not LOWEST <= rule.highest < HIGHEST:
                raise ValueError(f"a ceiling of {self.round} limits nothing: {rule.reason}")

    @property
    def names(self) -> tuple[str, ...]:
        """The dimensions' names, in the order they are reported."""
        return tuple(dimension.name for dimension in self.dimensions)


@dataclass(frozen=True, slots=True)
class Score:
    """What the grader gives one dimension, with quotes from the transcript that show it.

    Raises InvalidInput for a score off the scale of 1 to 4.
    """

    dimension: str
    score: int
    evidence: tuple[str, ...]
    note: str = ""

    def __post_init__(self) -> None:
        if self.score not in range(LOWEST, HIGHEST + 1):
            raise InvalidInput(
                f"'{self.dimension[:60]}' cannot score {self.score}.",
                hint=f"Scores are whole numbers from {LOWEST} to {HIGHEST}; {BAR} is the bar.",
            )


@dataclass(frozen=True, slots=True)
class FinalScore:
    """A score as it counts: `given` by the grader, lowered to `score` by the `ceiling`, if any."""

    dimension: str
    given: int
    score: int
    ceiling: str | None
    evidence: tuple[str, ...]
    note: str


class Ceiling(NamedTuple):
    """The most a dimension can score, and why."""

    highest: int
    reason: str


def ceilings(signals: Signals, rubric: Rubric) -> dict[str, Ceiling]:
    """The strictest ceiling of each dimension that has one."""
    found: dict[str, Ceiling] = {}
    for rule in rubric.ceilings:
        if signals.value(rule.signal) < rule.at_least:
            continue
        for name in rubric.names if rule.dimension == EVERY else (rule.dimension,):
            standing = found.get(name)
            if standing is None or rule.highest < standing.highest:
                found[name] = Ceiling(rule.highest, rule.reason)
    return found


def hint_cost(level: int, rubric: Rubric) -> str:
    """What the hint of that level costs, as one sentence."""
    now = ceilings(Signals(hints_given=level), rubric)
    before = ceilings(Signals(hints_given=level - 1), rubric)
    costs = [
        f"{dimension} can score {ceiling.highest} at most"
        for dimension, ceiling in now.items()
        if dimension not in before or ceiling.highest < before[dimension].highest
    ]
    if level == hints.GIVES_THE_APPROACH:
        costs.append("a solution counts as solved with hints")
    return f"From here on {' and '.join(costs)}." if costs else "It costs nothing further."


def _amiss(scored: Sequence[str], names: Sequence[str]) -> str:
    """What is wrong with the dimensions that were scored, in words; empty if nothing is."""
    found = {
        "missing": [name for name in names if name not in scored],
        "unknown": [f"'{name[:60]}'" for name in dict.fromkeys(scored) if name not in names],
        "scored twice": [name for name in names if scored.count(name) > 1],
    }
    return "; ".join(f"{what}: {', '.join(listed)}" for what, listed in found.items() if listed)


def apply_ceilings(
    scores: Sequence[Score], signals: Signals, rubric: Rubric
) -> tuple[FinalScore, ...]:
    """The scores as they count, in the rubric's order.

    Raises InvalidInput unless every dimension of the rubric is scored, once, and no other is.
    """
    given = {score.dimension: score for score in scores}
    if amiss := _amiss([score.dimension for score in scores], rubric.names):
        raise InvalidInput(
            f"A {rubric.round.replace('_', ' ')} round is scored on each of its dimensions, once: "
            f"{amiss}.",
            hint=f"Score: {', '.join(rubric.names)}.",
        )
    limits = ceilings(signals, rubric)
    final = []
    for name in rubric.names:
        score = given[name]
        limit = limits.get(name)
        lowered = limit if limit and limit.highest < score.score else None
        final.append(
            FinalScore(
                dimension=name,
                given=score.score,
                score=lowered.highest if lowered else score.score,
                ceiling=lowered.reason if lowered else None,
                evidence=score.evidence,
                note=score.note,
            )
        )
    return tuple(final)
