"""What the learner model promises, row by row, and whether a run kept it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .scenarios import Life, Scenario
from .scores import Estimate, mean
from .tables import Results, false_flags, flagged, readings

NO_CULPRIT, CULPRIT, FLAT = Scenario(), Scenario(accuracy=0.8), Scenario("flat", 0.8)


class Target(NamedTuple):
    """A bound, the figure of a reference implementation in its own world, and what was measured."""

    name: str
    bound: float
    reference: float
    measured: Estimate
    at_most: bool = False

    @property
    def kept(self) -> bool:
        if self.at_most:
            return self.measured.value <= self.bound
        return self.measured.value >= self.bound


def targets(results: Results) -> Iterator[Target]:
    """Those that the scenarios of this run can tell, for the order in which skills are told."""
    for scenario, rows in (
        (NO_CULPRIT, ((30, 0.28, 0.313), (100, 0.39, 0.423), (200, 0.50, 0.548))),
        (CULPRIT, ((30, 0.34, 0.382), (100, 0.47, 0.511), (200, 0.58, 0.623))),
    ):
        for n, bound, reference in rows:
            if lives := _lives(results, scenario, n):
                found = mean([r.precision["as told"] for r in readings(lives, n)])
                yield Target(f"precision@3, {scenario.name}, n={n}", bound, reference, found)
    if lives := _lives(results, CULPRIT, 100):
        found = mean([r.separation["deviation"] for r in readings(lives, 100)])
        yield Target(f"AUC, {CULPRIT.name}, n=100", 0.82, 0.843, found)
        yield Target("flags that are planted, n=100", 0.70, 0.80, flagged(lives, 100, 2))
    if lives := _lives(results, FLAT, 100):
        found = false_flags(lives, 100)
        yield Target("flags of a flat learner, every kind, n=100", 0.35, 0.26, found, at_most=True)


def _lives(results: Results, scenario: Scenario, n: int) -> Sequence[Life]:
    lives = results.get(scenario, ())
    return lives if lives and n in lives[0].readings else ()


def tell_targets(results: Results) -> None:
    """Prints every target with what was measured."""
    found = list(targets(results))
    if found:
        print("\ntargets (the reference implementation was measured in a world of its own)")
    for target in found:
        sign, word = "<=" if target.at_most else ">=", "kept" if target.kept else "MISSED"
        print(
            f"  {target.name:<48} {sign} {target.bound:.2f}  measured {target.measured}"
            f"  reference {target.reference:.3f}  {word}"
        )
