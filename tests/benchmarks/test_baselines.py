"""The textbook models on cases worked out by hand, and on data drawn from themselves."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from benchmarks.answers import Answer, Fold
from benchmarks.baselines import elo, item_mean, learner_mean
from benchmarks.bkt import Chains, Sequences, fit
from benchmarks.logistic import Design
from benchmarks.logistic import fit as fit_weights

from .classroom import classroom


def chains(known: float, learn: float, forget: float, guess: float, slip: float) -> Chains:
    return Chains(*(np.array([value]) for value in (known, learn, forget, guess, slip)))


def test_bkt_after_one_right_answer_by_hand() -> None:
    chain = chains(0.4, 0.3, 0.0, 0.2, 0.1)
    assert chain.right(chain.known) == pytest.approx(0.4 * 0.9 + 0.6 * 0.2)
    known = chain.posterior(chain.known, np.array([1.0]))
    assert known == pytest.approx(0.36 / 0.48)
    assert chain.moved(known) == pytest.approx(0.75 + 0.25 * 0.3)


def test_bkt_after_one_wrong_answer_by_hand() -> None:
    chain = chains(0.4, 0.3, 0.1, 0.2, 0.1)
    known = chain.posterior(chain.known, np.array([0.0]))
    assert known == pytest.approx(0.04 / 0.52)
    assert chain.moved(known) == pytest.approx((0.04 * 0.9 + 0.48 * 0.3) / 0.52)


def test_bkt_finds_the_chain_its_data_came_from() -> None:
    dice, histories = Random(5), []
    for _ in range(1500):
        known, history = dice.random() < 0.3, []
        for _ in range(dice.randint(4, 12)):
            correct = dice.random() < (0.92 if known else 0.15)
            history.append(Answer(0, ("a",), correct))
            known = known or dice.random() < 0.25
        histories.append(history)
    found = fit(Sequences(histories, {"a": 0}), 1, forgetting=False)
    assert found.known[0] == pytest.approx(0.3, abs=0.04)
    assert found.learn[0] == pytest.approx(0.25, abs=0.03)
    assert found.guess[0] == pytest.approx(0.15, abs=0.03)
    assert found.slip[0] == pytest.approx(0.08, abs=0.02)
    assert found.forget[0] == 0.0


def test_logistic_regression_reaches_its_minimum() -> None:
    dice = np.random.default_rng(8)
    truth = np.array([0.5, -1.0, 2.0, 0.0])
    x = np.column_stack([np.ones(4000), dice.normal(size=(4000, 3))])
    y = (dice.random(4000) < 1.0 / (1.0 + np.exp(-x @ truth))).astype(float)
    penalty = np.array([0.0, 1.0, 1.0, 1.0])
    design = Design(([(j, float(v)) for j, v in enumerate(row) if v] for row in x), 4)
    found = fit_weights(design, y, penalty)
    slope = x.T @ (1.0 / (1.0 + np.exp(-x @ found)) - y) + penalty * found
    assert np.abs(slope).max() <= 1e-4 * len(y)
    assert found == pytest.approx(truth, abs=0.15)


def test_an_unseen_item_is_expected_to_be_like_those_with_its_skills() -> None:
    easy, hard = Answer(1, ("a",), True), Answer(2, ("b",), False)
    fold = Fold([[easy] * 50, [hard] * 50], [])
    for model in (item_mean, elo):
        predict = model(fold)
        like_easy = next(predict([Answer(8, ("a",), True)]))
        like_hard = next(predict([Answer(9, ("b",), True)]))
        assert like_easy > 0.75 > 0.25 > like_hard


def test_a_learner_s_mean_starts_at_the_base_rate_and_follows_the_answers() -> None:
    fold = Fold([[Answer(1, ("a",), True), Answer(1, ("a",), False)]], [])
    right = [Answer(1, ("a",), True)] * 3
    assert list(learner_mean(fold)(right)) == pytest.approx([2 / 4, 3 / 5, 4 / 6])


def test_the_base_rate_is_that_of_the_training_learners() -> None:
    fold = classroom()
    answers = [answer.correct for history in fold.training for answer in history]
    assert fold.base_rate == pytest.approx(sum(answers) / len(answers))
