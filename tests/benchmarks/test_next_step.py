"""Every model of the next-step benchmark: no leak, no nonsense, and better than guessing."""

from __future__ import annotations

import pytest

from benchmarks.next_step import NAMES, Outcomes, fitters, predictions, score

from .classroom import classroom

FOLD = classroom()


@pytest.mark.parametrize("model", NAMES)
def test_no_prediction_knows_its_own_answer_or_a_later_one(model: str) -> None:
    predict = fitters(FOLD)[model]()
    history = FOLD.testing[0]
    before = list(predict(history))
    for place in (0, 7, len(history) - 1):
        kept, rest = history[:place], history[place:]
        changed = [*kept, *(answer._replace(correct=not answer.correct) for answer in rest)]
        assert list(predict(changed))[: place + 1] == before[: place + 1]


@pytest.mark.parametrize("model", NAMES)
def test_an_item_with_three_skills_is_one_prediction(model: str) -> None:
    history = [answer for answer in FOLD.testing[1] if len(answer.skills) == 3]
    predicted = list(fitters(FOLD)[model]()(history))
    assert len(predicted) == len(history)
    assert all(0.0 < p < 1.0 for p in predicted)


def test_one_learner_does_not_change_what_is_said_of_the_next() -> None:
    for fit in fitters(FOLD).values():
        predict = fit()
        alone = list(predict(FOLD.testing[1]))
        list(predict(FOLD.testing[0]))
        assert list(predict(FOLD.testing[1])) == alone


def test_models_that_know_learner_and_item_beat_those_that_know_less() -> None:
    folds = [classroom(learners=160)]
    outcomes = Outcomes.of(folds)
    models = ["mean", "learner-mean", "item-mean", "elo", "best-lr", "ours"]
    found = dict(predictions(folds, models))
    scores = {model: score(p, found["ours"], outcomes) for model, p in found.items()}
    assert scores["mean"].auc == 0.5
    for better in ("elo", "best-lr", "ours"):
        assert scores[better].auc > scores["item-mean"].auc + 0.02
        assert scores[better].auc > scores["learner-mean"].auc + 0.02
        assert scores[better].log_loss < scores["mean"].log_loss - 0.04
    assert scores["ours"].ours_minus_it is None
    assert scores["mean"].ours_minus_it == pytest.approx(scores["ours"].auc - 0.5)
