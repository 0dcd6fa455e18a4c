"""Answers of real learners: the files, and who is held out.

A file is NAME.csv.gz with one row per answer and the columns user_id, order, timestamp (seconds,
may be empty), item_id, skills (joined by ";"), correct (0 or 1) and split, each learner's rows in
order. An item with several skills is one row: a row per skill would show a model the answer before
it has to predict it.

The data may not be redistributed. Where it comes from:

- assist09: the "skill builder" set of ASSISTments 2009-10 from the ASSISTments project, prepared
  and split by learner as by Gervet, Koedinger, Schneider & Mitchell (JEDM 2020,
  github.com/theophilegervet/learner-performance-prediction, `prepare_data.py`); no timestamps.
- assist17: the ASSISTments data mining challenge of 2017, prepared by the same script.
- algebra05: Algebra I 2005-06 of the KDD Cup 2010, from the PSLC DataShop, by the same script.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

START = datetime(2026, 1, 1, tzinfo=UTC)
FOLDS = 5


class Answer(NamedTuple):
    """One answer of one learner."""

    item: int
    skills: tuple[str, ...]
    correct: bool
    at: datetime = START


History = Sequence[Answer]
Histories = Sequence[History]


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Learners to learn from and learners to be tested on; hashed by identity."""

    training: Histories
    testing: Histories

    @property
    def base_rate(self) -> float:
        """The share of right answers among the training learners."""
        right = sum(answer.correct for history in self.training for answer in history)
        return right / sum(map(len, self.training))

    def skills_of_items(self) -> dict[int, tuple[str, ...]]:
        """The skills of every item, which are known before anybody answers it."""
        everybody = (*self.training, *self.testing)
        return {answer.item: answer.skills for history in everybody for answer in history}


def load(path: Path, every: int = 1) -> Sequence[Fold]:
    """The folds of a file, keeping every `every`-th learner.

    A file that names its test learners is one fold. Any other is cut into five by the learner's
    place in the file, modulo five, so that each learner is tested once.
    """
    parts: dict[str, dict[str, list[Answer]]] = {"train": {}, "test": {}}
    for split, learner, answer in _rows(path):
        parts[split].setdefault(learner, []).append(answer)
    training, testing = (list(parts[split].values())[::every] for split in ("train", "test"))
    if testing:
        return [Fold(training, testing)]
    return [
        Fold([h for n, h in enumerate(training) if n % FOLDS != fold], training[fold::FOLDS])
        for fold in range(FOLDS)
    ]


def _rows(path: Path) -> Iterator[tuple[str, str, Answer]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            skills = tuple(row["skills"].split(";"))
            at = START + timedelta(seconds=float(row["timestamp"] or 0))
            answer = Answer(int(row["item_id"]), skills, row["correct"] == "1", at)
            yield row["split"], row["user_id"], answer
