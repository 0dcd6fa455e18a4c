"""Next-step prediction on held-out learners: the product's model beside what the field uses.

Every answer is predicted before the model sees it, one row per answer, all models on the same
rows. All models see the training learners alone before the first test learner; "fit" is the time
that takes, "answer" the time per predicted answer, both of the processor. The last column is the
AUC of the product's model with estimated difficulties minus that of the row, with its standard
error (paired bootstrap over learners).

The predictions of several folds are scored together. A constant then ranks below one half, because
where the test learners are good, those left to learn from are a little worse.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from .answers import Fold
from .baselines import Predictor, constant, elo, item_mean, learner_mean, skill_mean
from .bkt import bkt, bkt_forgetting
from .filtering import LABEL_NOISE, Difficulties, estimated, labelled, nothing_known, ours
from .log_counts import best_lr, pfa
from .measures import (
    Array,
    Indices,
    accuracy,
    auc,
    auc_difference,
    calibration_error,
    log_loss,
)

FIRST = 10
OURS = "ours"

BASELINES: Mapping[str, tuple[str, Callable[[Fold], Predictor]]] = {
    "mean": ("base rate", constant),
    "learner-mean": ("learner's running mean", learner_mean),
    "skill-mean": ("learner x skill running mean", skill_mean),
    "item-mean": ("item mean", item_mean),
    "bkt": ("BKT", bkt),
    "bkt-forgetting": ("BKT with forgetting", bkt_forgetting),
    "pfa": ("PFA, log counts", pfa),
    "elo": ("Elo: learner + skills + item", elo),
    "best-lr": ("Best-LR", best_lr),
}
REGIMES: Mapping[str, str] = {
    "ours-nothing": "ours, nothing known of an item",
    "ours-base": "ours, only the base rate known",
    "ours-noisy": "ours, three labels with noise",
    "ours-labels": "ours, three labels",
    OURS: "ours, difficulties from training",
}
NAMES = {**{key: name for key, (name, _) in BASELINES.items()}, **REGIMES}


@dataclass(frozen=True, slots=True)
class Predictions:
    """What one model said of every test answer of a set, and how long it took."""

    p: Array
    fit_seconds: float
    answer_seconds: float


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The test answers of a set: right or wrong, whose, and the how manieth of that learner."""

    y: Array
    learner: Indices
    place: Indices

    @classmethod
    def of(cls, folds: Sequence[Fold]) -> Outcomes:
        """Of all folds, one after the other, as `predictions` has them."""
        histories = [history for fold in folds for history in fold.testing]
        lengths = [len(history) for history in histories]
        return cls(
            np.array([answer.correct for h in histories for answer in h], dtype=np.float64),
            np.repeat(np.arange(len(histories)), lengths),
            np.concatenate([np.arange(length) for length in lengths]),
        )


@dataclass(frozen=True, slots=True)
class Score:
    """How one model did: over all answers, over each learner's first ten, and against ours."""

    auc: float
    log_loss: float
    ece: float
    accuracy: float
    first_auc: float
    first_log_loss: float
    ours_minus_it: float | None
    standard_error: float | None
    fit_seconds: float
    answer_seconds: float


def fitters(fold: Fold) -> Mapping[str, Callable[[], Predictor]]:
    """How each model is made for a fold. Regimes that share an estimate share its time as well:
    it is counted for the first of them."""
    return {
        **{key: partial(make, fold) for key, (_, make) in BASELINES.items()},
        "ours-nothing": lambda: ours(nothing_known()),
        "ours-base": lambda: ours(Difficulties(estimated(fold).otherwise, {})),
        "ours-noisy": lambda: ours(labelled(estimated(fold), LABEL_NOISE)),
        "ours-labels": lambda: ours(labelled(estimated(fold))),
        OURS: lambda: ours(estimated(fold)),
    }


def predictions(folds: Sequence[Fold], models: Sequence[str]) -> Iterator[tuple[str, Predictions]]:
    """The models' predictions of all test answers, folds one after the other."""
    parts: dict[str, list[Array]] = defaultdict(list)
    fitting: dict[str, float] = defaultdict(float)
    answering: dict[str, float] = defaultdict(float)
    for fold in folds:
        fits = fitters(fold)
        for model in models:
            begun = time.process_time()
            predictor = fits[model]()
            fitted = time.process_time()
            p = [p for history in fold.testing for p in predictor(history)]
            answering[model] += time.process_time() - fitted
            fitting[model] += fitted - begun
            parts[model].append(np.array(p))
    for model in models:
        every = np.concatenate(parts[model])
        yield model, Predictions(every, fitting[model], answering[model] / len(every))


def score(predicted: Predictions, ours: Predictions | None, outcomes: Outcomes) -> Score:
    """All measures of one model's predictions."""
    p, y, first = predicted.p, outcomes.y, outcomes.place < FIRST
    difference = error = None
    if ours is not None and ours is not predicted:
        difference, error = auc_difference(ours.p, p, y, outcomes.learner)
    return Score(
        auc(p, y),
        log_loss(p, y),
        calibration_error(p, y),
        accuracy(p, y),
        auc(p[first], y[first]),
        log_loss(p[first], y[first]),
        difference,
        error,
        predicted.fit_seconds,
        predicted.answer_seconds,
    )


def tell(name: str, folds: Sequence[Fold], models: Sequence[str]) -> dict[str, Score]:
    """Prints the table of one set, and returns it."""
    outcomes = Outcomes.of(folds)
    held = f"{len(folds)} folds" if len(folds) > 1 else "the file's split"
    print(
        f"\n{name}: {outcomes.learner.max() + 1:,} test learners, {len(outcomes.y):,} answers,"
        f" {outcomes.y.mean():.1%} right; held out by {held}"
    )
    print(
        f"{'':<34}{'AUC':>7}{'LL':>7}{'ECE-15':>8}{'acc.':>7} |{'AUC':>7}{'LL':>7} first {FIRST}"
        f" |{'fit, s':>8}{'answer, us':>12} | ours - it"
    )
    predicted = dict(predictions(folds, models))
    table = {model: score(p, predicted.get(OURS), outcomes) for model, p in predicted.items()}
    for model, row in table.items():
        than = "" if row.ours_minus_it is None else f"{row.ours_minus_it:+.4f}"
        error = "" if row.standard_error is None else f" +- {row.standard_error:.4f}"
        print(
            f"{NAMES[model]:<34}{row.auc:>7.4f}{row.log_loss:>7.4f}{row.ece:>8.4f}"
            f"{row.accuracy:>7.4f} |{row.first_auc:>7.4f}{row.first_log_loss:>7.4f} {'':>8} |"
            f"{row.fit_seconds:>8.1f}{1e6 * row.answer_seconds:>12.1f} | {than}{error}",
            flush=True,
        )
    return table
