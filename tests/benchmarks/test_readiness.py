"""The two readiness benchmarks: what they ask, and that neither looks ahead."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks.filtering import estimated, labelled
from benchmarks.readiness_proxy import BLOCK, FROZEN_AT, blocks
from benchmarks.simulated_readiness import MIXES, Learner, estimate
from maang_mcp.domain.readiness import target_profile
from maang_mcp.domain.skills import Round, Skill

from .classroom import SKILLS_OF_ITEMS, classroom

FOLD = classroom(answers=35)


def test_a_block_is_forecast_from_what_came_before_it() -> None:
    history = FOLD.testing[0]
    difficulties = estimated(FOLD)
    found = list(blocks(history, difficulties, FOLD.base_rate))
    assert len(found) == sum(n + BLOCK <= len(history) for n in FROZEN_AT)
    first = FROZEN_AT[0]
    ahead = [answer._replace(correct=True) for answer in history[first:]]
    best = next(blocks([*history[:first], *ahead], difficulties, FOLD.base_rate))
    assert best.passed
    assert best[:3] == found[0][:3]


def test_three_labels_are_three_difficulties_in_their_order() -> None:
    known, three = estimated(FOLD), labelled(estimated(FOLD))
    assert len({mean for mean, _ in three.known.values()}) == 3
    ordered = sorted(known.known, key=lambda item: known.known[item][0])
    means = [three.known[item][0] for item in ordered]
    assert means == sorted(means)
    assert set(known.known) == set(range(len(SKILLS_OF_ITEMS)))


def test_noise_moves_items_to_other_labels() -> None:
    known = estimated(FOLD)
    assert labelled(known, 2.0).known != labelled(known).known


@pytest.mark.parametrize("mix", MIXES)
def test_an_estimate_and_its_truth_are_probabilities(mix: str) -> None:
    skills = [Skill("s0", "S", "f", Round.CODING, 0.5)]
    found = estimate(Random(4), MIXES[mix], target_profile(skills))
    assert 0.0 <= found.low <= found.ours <= found.high <= 1.0
    assert 0.0 < found.true < 1.0


def test_a_hard_loop_is_passed_less_often() -> None:
    learner, skills = Learner(Random(1)), [Skill("s0", "S", "f", Round.CODING, 0.5)]
    assert learner.passing(target_profile(skills, 1.0)) < learner.passing(
        target_profile(skills, 0.0)
    )
