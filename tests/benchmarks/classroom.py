"""A small class whose learners, items and skills differ, with answers drawn from a Rasch model."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from benchmarks.answers import START, Answer, Fold
from maang_mcp.domain.response import sigmoid

SKILLS_OF_ITEMS = [("a",), ("b",), ("c",), ("a", "b"), ("b", "c"), ("a", "b", "c")] * 4


def classroom(learners: int = 40, answers: int = 25, seed: int = 11) -> Fold:
    """Three quarters to learn from, the rest to be tested on."""
    dice = Random(seed)
    difficulty = [dice.gauss(-0.5, 1.2) for _ in SKILLS_OF_ITEMS]
    histories = []
    for _ in range(learners):
        ability = dice.gauss(0.0, 1.2)
        history = []
        for n in range(answers):
            item = dice.randrange(len(SKILLS_OF_ITEMS))
            correct = dice.random() < sigmoid(ability - difficulty[item])
            at = START + timedelta(days=n / 3)
            history.append(Answer(item, SKILLS_OF_ITEMS[item], correct, at))
        histories.append(history)
    cut = learners * 3 // 4
    return Fold(histories[:cut], histories[cut:])
