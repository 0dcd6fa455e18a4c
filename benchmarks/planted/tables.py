"""The tables: what was found beside what was planted, every figure with its standard error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from maang_mcp.domain.weakness import WeaknessKind

from .readings import SURE, Reading
from .scenarios import Life, Scenario
from .scores import (
    Estimate,
    calibration,
    correlation,
    estimate,
    mean,
    misses,
    moments,
    ratio,
)

RANKINGS = ("deviation", "as told", "first three lines", "smoothed rate", "raw rate", "Elo")
WHOLE = ("deviation", "smoothed rate", "raw rate", "Elo")
"""Those that rank every topic tried; what is told leaves out all above the learner's own level."""
BIN = 0.2
"""Width of a confidence bin."""
WIDTH = 29

Results = Mapping[Scenario, Sequence[Life]]


def readings(lives: Sequence[Life], n: int) -> list[Reading]:
    """Everybody's diagnosis after so many attempts."""
    return [life.readings[n] for life in lives]


def false_flags(lives: Sequence[Life], n: int, sure: float = SURE[0]) -> Estimate:
    """Sure findings of any kind, per learner."""
    return mean([sum(r.flags[kind, sure] for kind in WeaknessKind) for r in readings(lives, n)])


def flagged(lives: Sequence[Life], n: int, truth: int) -> Estimate:
    """Of skills flagged, the share that is truly notable (truth 1) or planted (truth 2)."""
    flags = [
        [one for one in reading.confidences if one[0] >= SURE[0]] for reading in readings(lives, n)
    ]
    return estimate([(sum(one[truth] for one in of), len(of)) for of in flags], ratio)


def tell(scenario: Scenario, lives: Sequence[Life]) -> None:
    """Everything about one scenario."""
    checkpoints = tuple(lives[0].readings)
    print(f"\n{scenario.name}: {len(lives):,} learners; n =", *checkpoints)
    planted = bool(lives[0].readings[checkpoints[0]].precision)
    if planted:
        for by in RANKINGS:
            _row(f"precision@3 {by}", [mean(_of(lives, n, "precision", by)) for n in checkpoints])
        for by in WHOLE:
            _row(f"AUC {by}", [mean(_of(lives, n, "separation", by)) for n in checkpoints])
        _row(
            "planted topics tried",
            [mean([r.tried for r in readings(lives, n)]) for n in checkpoints],
        )
    _row(
        "severity, mean error",
        [
            estimate(
                [
                    (sum(abs(said - true) for said, true in r.severities), len(r.severities))
                    for r in readings(lives, n)
                ],
                ratio,
            )
            for n in checkpoints
        ],
    )
    _row(
        "severity, correlation",
        [
            estimate([moments(r.severities) for r in readings(lives, n)], correlation)
            for n in checkpoints
        ],
    )
    for kind in WeaknessKind:
        for sure in SURE:
            counts = [[r.flags[kind, sure] for r in readings(lives, n)] for n in checkpoints]
            if any(map(any, counts)):
                _row(f"{kind} flags >= {sure}", [mean(of) for of in counts])
    _row("all flags >= 0.8", [false_flags(lives, n) for n in checkpoints])
    if planted:
        _row("skill flags planted", [flagged(lives, n, 2) for n in checkpoints])
    _row("skill flags < -0.3 logit", [flagged(lives, n, 1) for n in checkpoints])
    if scenario.variant == "habits":
        _row(
            "planted mistake found",
            [mean([r.habits_found for r in readings(lives, n)]) for n in checkpoints],
        )
    named = sum(r.untested_named for life in lives for r in life.readings.values())
    ece = estimate([misses(life.predictions) for life in lives], calibration)
    print(f"  {'next solve, ECE-15':<{WIDTH}} {ece}; untested skills named as weak: {named}")
    _tell_confidences(lives, checkpoints)


def _tell_confidences(lives: Sequence[Life], checkpoints: Sequence[int]) -> None:
    """Whether what is said with a confidence is true that often, in five bins."""
    for n in checkpoints:
        cells = []
        for low in (bin * BIN for bin in range(round(1 / BIN))):
            of = [
                [one for one in r.confidences if low <= one[0] < low + BIN + (low + BIN >= 1.0)]
                for r in readings(lives, n)
            ]
            said = estimate([(sum(one[0] for one in some), len(some)) for some in of], ratio)
            true = estimate([(sum(one[1] for one in some), len(some)) for some in of], ratio)
            empty = not any(of)
            cells.append("-" if empty else f"{said.value:.2f}->{true.value:.2f} ±{true.error:.2f}")
        print(f"  {f'confidence -> true, n={n}':<{WIDTH}} {'  '.join(cells)}")


def _of(lives: Sequence[Life], n: int, score: str, by: str) -> list[float]:
    return [getattr(reading, score)[by] for reading in readings(lives, n)]


def _row(name: str, estimates: Sequence[Estimate]) -> None:
    print(f"  {name:<{WIDTH}}", "  ".join(map(str, estimates)))
