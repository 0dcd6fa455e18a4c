"""What the learner model costs, how well it predicts, and how far readiness can be believed.

    python -m benchmarks.learner_model [--parts operations,simulation,next-step,readiness]
        [--sets assist09,algebra05_dev,assist17_dev] [--models ours,bkt,...] [--sample N]
        [--data DIR] [--json FILE]

- operations: processor time per operation (`operations.py`).
- simulation: readiness of simulated learners whose truth is known (`simulated_readiness.py`).
- next-step: prediction of real learners' answers beside the models of the field (`next_step.py`).
- readiness: P(seven of the next ten right) on the same data (`readiness_proxy.py`).

The last two need data that may not be redistributed; `answers.py` says where it comes from and
who is held out. `--sample 5` keeps every fifth learner, for a quick look. Nothing is fitted to the
test learners, and the model's constants to none of these sets by this benchmark.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from . import next_step, operations, readiness_proxy, simulated_readiness
from .answers import load
from .machine import describe_machine

DATA = Path(__file__).parents[2] / "shared" / "data" / "learner"
SETS = ("assist09", "algebra05_dev", "assist17_dev")
PARTS = ("operations", "simulation", "next-step", "readiness")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the learner model.")
    parser.add_argument("--parts", type=_some_of(PARTS), default=PARTS, help=f"of {PARTS}")
    parser.add_argument(
        "--sets", default=",".join(SETS), help="data files to run on, without .csv.gz"
    )
    models = tuple(next_step.NAMES)
    parser.add_argument("--models", type=_some_of(models), default=models, help=f"of {models}")
    parser.add_argument("--sample", type=int, default=1, help="keep every n-th learner")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the .csv.gz files")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    arguments = parser.parse_args()
    figures: dict[str, object] = {"machine": describe_machine()}
    print(figures["machine"])
    if "operations" in arguments.parts:
        figures["operations"] = operations.tell()
    if "simulation" in arguments.parts:
        figures["simulation"] = simulated_readiness.tell()
    needs_data = {"next-step", "readiness"} & set(arguments.parts)
    for name in arguments.sets.split(",") if needs_data else ():
        path = arguments.data / f"{name}.csv.gz"
        if not path.exists():
            print(f"\nno {path.name} in {arguments.data}: benchmarks/answers.py says where from.")
            continue
        folds = load(path, arguments.sample)
        if "next-step" in arguments.parts:
            table = next_step.tell(name, folds, arguments.models)
            figures[f"next-step {name}"] = {model: asdict(row) for model, row in table.items()}
        if "readiness" in arguments.parts:
            figures[f"readiness {name}"] = readiness_proxy.tell(name, folds)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _some_of(choices: Sequence[str]) -> Callable[[str], Sequence[str]]:
    """Reads a comma-separated choice."""

    def read(text: str) -> Sequence[str]:
        chosen = text.split(",")
        if unknown := [name for name in chosen if name not in choices]:
            raise argparse.ArgumentTypeError(f"no {', '.join(unknown)} among {', '.join(choices)}")
        return chosen

    return read


if __name__ == "__main__":
    main()
