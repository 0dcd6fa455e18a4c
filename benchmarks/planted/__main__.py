"""Plants weaknesses in simulated candidates and measures how well they are found.

    python -m benchmarks.planted [--learners 300] [--variants planted flat] [--seeds 1 2]
    python -m benchmarks.planted --through-tools [--learners 12] [--attempts 60]
    python -m benchmarks.planted --policies [--learners 120] [--attempts 150]

A candidate is weak in three of 24 topics and practises twice a day; the truth is not the model's
(see `world` and `candidates`). The second form lets the candidates practise through the server's
tools and compares every answer with the model's. The third compares ways of choosing the next
problem. Results depend on seeds and sizes, never on the number of workers.
"""

from __future__ import annotations

import argparse
import asyncio
import time

from benchmarks.machine import describe_machine

from .candidates import VARIANTS
from .policy_comparison import compare
from .scenarios import CHECKPOINTS, SCENARIOS, lives
from .tables import tell
from .targets import tell_targets
from .tools import tell_through_tools


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how well planted weaknesses are found.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--through-tools", action="store_true", help="over the server's tools")
    what.add_argument("--policies", action="store_true", help="compare ways to choose problems")
    parser.add_argument("--learners", type=int, help="for each seed (300, 12 or 120)")
    parser.add_argument("--attempts", type=int, help="of each learner (200, 60 or 150)")
    parser.add_argument("--seeds", "--seed", type=int, nargs="+", default=[1], help="of the worlds")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--workers", type=int, default=2, help="processes")
    given = parser.parse_args()
    print(f"{describe_machine()}; seeds {given.seeds}, {given.workers} workers")
    if given.through_tools:
        asyncio.run(tell_through_tools(given.learners or 12, given.attempts or 60, given.seeds))
        return
    if given.policies:
        compare(given.learners or 120, given.attempts or 150, given.seeds, given.workers)
        return
    checkpoints = tuple(n for n in CHECKPOINTS if n <= (given.attempts or max(CHECKPOINTS)))
    results = {}
    for scenario in SCENARIOS:
        if scenario.variant in given.variants:
            began = time.perf_counter()
            results[scenario] = lives(
                scenario,
                given.seeds,
                given.learners or 300,
                checkpoints=checkpoints,
                workers=given.workers,
            )
            tell(scenario, results[scenario])
            print(f"  ({time.perf_counter() - began:.0f} s)", flush=True)
    tell_targets(results)


if __name__ == "__main__":
    main()
