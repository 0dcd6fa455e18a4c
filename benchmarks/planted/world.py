"""The world candidates practise in: topics, problems as they are labelled, and as they really are.

The learner model sees a problem's tags and its label; the truth has a difficulty of its own and,
in one variant, other tags. Two worlds share one form: `synthetic`, which knows nothing of the
product, and `shipped`, the product's own coding skills and catalogue, for runs through its tools.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from maang_mcp.content.loader import catalogue, skill_graph
from maang_mcp.domain.problem import Difficulty, ItemDifficulty, Problem, time_limit
from maang_mcp.domain.skills import Round, Skill, SkillGraph

PROBLEMS = 1_500
SECOND_TAG, STRAY_TAG = 0.6, 0.12
LABELS = {Difficulty.EASY: 0.27, Difficulty.MEDIUM: 0.53, Difficulty.HARD: 0.20}
LABEL_ERROR = 0.6
"""Standard deviation of a problem's true difficulty around its label, in logits."""

# Topic: how often interviews ask for it, and what else its problems tend to need.
TOPICS: Mapping[str, tuple[float, tuple[str, ...]]] = {
    "arrays": (0.40, ("hashing", "two pointers", "sorting", "prefix sums")),
    "hashing": (0.34, ("arrays", "strings", "sliding window")),
    "strings": (0.28, ("hashing", "two pointers", "dynamic programming")),
    "trees": (0.26, ("depth-first search", "breadth-first search", "search trees")),
    "dynamic programming": (0.25, ("arrays", "strings", "matrices")),
    "graphs": (0.22, ("depth-first search", "breadth-first search", "union-find")),
    "depth-first search": (0.22, ("trees", "graphs", "backtracking")),
    "two pointers": (0.20, ("arrays", "sorting", "linked lists")),
    "binary search": (0.18, ("arrays", "sorting")),
    "breadth-first search": (0.18, ("trees", "graphs", "matrices")),
    "sorting": (0.18, ("arrays", "heaps", "greedy")),
    "sliding window": (0.15, ("arrays", "hashing", "strings")),
    "stacks": (0.15, ("arrays", "strings", "monotonic stacks")),
    "heaps": (0.14, ("sorting", "greedy", "design")),
    "linked lists": (0.14, ("two pointers", "design")),
    "greedy": (0.13, ("sorting", "arrays", "heaps")),
    "backtracking": (0.13, ("depth-first search", "strings")),
    "matrices": (0.13, ("arrays", "depth-first search", "dynamic programming")),
    "design": (0.12, ("hashing", "linked lists", "heaps")),
    "prefix sums": (0.12, ("arrays", "hashing")),
    "search trees": (0.10, ("trees", "binary search")),
    "union-find": (0.08, ("graphs", "matrices")),
    "monotonic stacks": (0.08, ("stacks", "arrays")),
    "bits": (0.07, ("arrays", "dynamic programming")),
}
FAMILY = 3
"""Topics that make a family, in the order of their frequency: no truth is drawn by family."""


@dataclass(frozen=True, slots=True)
class TrueItem:
    """What a problem really takes: its skills and its difficulty in logits."""

    skills: tuple[str, ...]
    difficulty: float


@dataclass(frozen=True, slots=True)
class World:
    """Topics and problems; `truth` by slug is for the candidates, never for a model of them."""

    topics: tuple[Skill, ...]
    graph: SkillGraph
    problems: Sequence[Problem]
    truth: Mapping[str, TrueItem]


@lru_cache(maxsize=4)
def synthetic(seed: int, wrong_tags: float = 0.0) -> World:
    """24 topics and 1,500 problems drawn from them, each tag wrong with that probability."""
    dice = Random(f"world:{seed}")
    mistagged = Random(f"wrong tags:{seed}")
    topics = tuple(
        Skill(name, name.capitalize(), f"family {n // FAMILY}", Round.CODING, frequency)
        for n, (name, (frequency, _)) in enumerate(TOPICS.items())
    )
    names = list(TOPICS)
    weights = [frequency for frequency, _ in TOPICS.values()]
    problems, truth = [], {}
    for n in range(PROBLEMS):
        primary = dice.choices(names, weights)[0]
        tags = [primary]
        if dice.random() < SECOND_TAG:
            tags.append(dice.choice(TOPICS[primary][1]))
        if dice.random() < STRAY_TAG:
            tags.append(dice.choice(names))
        needed = tuple(dict.fromkeys(tags))
        shown = tuple(
            dict.fromkeys(
                mistagged.choice(names) if mistagged.random() < wrong_tags else tag
                for tag in needed
            )
        )
        label = dice.choices(list(LABELS), list(LABELS.values()))[0]
        known = ItemDifficulty.from_label(label)
        slug = f"problem-{n}"
        problems.append(
            Problem(slug, f"Problem {n}", label, shown, minutes=time_limit(label), item=known)
        )
        truth[slug] = TrueItem(needed, known.mean + dice.gauss(0.0, LABEL_ERROR))
    return World(topics, SkillGraph(topics), problems, truth)


@lru_cache(maxsize=4)
def shipped(seed: int) -> World:
    """The product's coding skills and problems, as difficult as the catalogue thinks, give or take
    what it admits not to know."""
    dice = Random(f"shipped:{seed}")
    problems = [
        problem for problem in catalogue() if problem.round is Round.CODING and problem.skills
    ]
    truth = {
        problem.slug: TrueItem(
            problem.skills, problem.item.mean + dice.gauss(0.0, math.sqrt(problem.item.variance))
        )
        for problem in problems
    }
    graph = skill_graph()
    return World(graph.of_round(Round.CODING), graph, problems, truth)
