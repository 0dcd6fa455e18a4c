"""Bayesian knowledge tracing (Corbett & Anderson 1994), fitted by expectation maximisation.

Every skill is a hidden Markov chain of its own: known or not, and the answer is right unless one
slips, or wrong unless one guesses. The chains of all learners and skills are fitted side by side,
one time step after the other.

An item with several skills stays one answer: its prediction is the mean of its skills'
predictions, made before any of their chains hears of the answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from .answers import Fold, Histories, History
from .baselines import Predictor
from .measures import Array, Indices

ROUNDS = 40
"""Rounds of expectation maximisation: log loss on assist09 moves by less than 0.0001 after 30."""
TINY = 1e-12
"""Keeps a quotient finite once a state is certain to rounding."""
PSEUDO_CHANCES = 2.0
"""Chances at the starting value that each probability's estimate begins with."""


@dataclass(frozen=True, slots=True)
class Chains:
    """The probabilities of one skill (floats) or of many (arrays)."""

    known: Array
    """P(known before the first answer)."""
    learn: Array
    """P(known after an answer | not before it)."""
    forget: Array
    """P(not known after an answer | known before it); zero in the classic model."""
    guess: Array
    """P(right | not known)."""
    slip: Array
    """P(wrong | known)."""

    def of(self, which: Indices | int) -> Chains:
        """The same for some of the skills, or for one."""
        return Chains(
            self.known[which],
            self.learn[which],
            self.forget[which],
            self.guess[which],
            self.slip[which],
        )

    def right(self, known: Array) -> Array:
        """P(the next answer is right)."""
        return known * (1.0 - self.slip) + (1.0 - known) * self.guess

    def posterior(self, known: Array, y: Array) -> Array:
        """P(known) once the answer is seen."""
        from_known = known * (y * (1.0 - self.slip) + (1.0 - y) * self.slip)
        from_unknown = (1.0 - known) * (y * self.guess + (1.0 - y) * (1.0 - self.guess))
        return from_known / (from_known + from_unknown)

    def moved(self, known: Array) -> Array:
        """P(known at the next answer), after the chance to learn or forget in between."""
        return known * (1.0 - self.forget) + (1.0 - known) * self.learn


class Sequences:
    """The answers of every learner to every skill, longest sequence first, by time step."""

    def __init__(self, training: Histories, skills: dict[str, int]) -> None:
        found: dict[tuple[int, str], list[bool]] = defaultdict(list)
        for learner, history in enumerate(training):
            for answer in history:
                for skill in answer.skills:
                    found[learner, skill].append(answer.correct)
        ordered = sorted(found.items(), key=lambda entry: -len(entry[1]))
        self.skill: Indices = np.array([skills[skill] for (_, skill), _ in ordered])
        self.steps: list[Array] = []
        longest = len(ordered[0][1])
        left = len(ordered)
        for step in range(longest):
            while len(ordered[left - 1][1]) <= step:
                left -= 1
            self.steps.append(np.array([y[step] for _, y in ordered[:left]], dtype=np.float64))


def fit(sequences: Sequences, skills: int, *, forgetting: bool, rounds: int = ROUNDS) -> Chains:
    """The chains of most likely probabilities, from one start, guess and slip at most one half."""
    start = (0.4, 0.1, 0.05 if forgetting else 0.0, 0.25, 0.1)
    chains = Chains(*(np.full(skills, value) for value in start))
    for _ in range(rounds):
        chains = _improved(chains, sequences, start)
    return chains


def _improved(chains: Chains, sequences: Sequences, start: Sequence[float]) -> Chains:
    """One round: smoothed states under the chains so far, then the chains they amount to."""
    rows = chains.of(sequences.skill)
    known, seen = [rows.known], []
    for y in sequences.steps:
        active = rows.of(np.arange(len(y)))
        seen.append(active.posterior(known[-1][: len(y)], y))
        known.append(active.moved(seen[-1]))

    skills = len(chains.known)
    hits, chances = np.zeros((5, skills)), np.zeros((5, skills))

    def count(which: int, hit: Array, chance: Array) -> None:
        skill = sequences.skill[: len(hit)]
        hits[which] += np.bincount(skill, hit, skills)
        chances[which] += np.bincount(skill, chance, skills)

    later = np.empty(0)
    for step in range(len(seen) - 1, -1, -1):
        y, smoothed = sequences.steps[step], seen[step].copy()
        n = len(later)
        if n:
            here, ahead = seen[step][:n], known[step + 1][:n]
            stayed = later * here * (1.0 - rows.forget[:n]) / ahead
            lost = (1.0 - later) * here * rows.forget[:n] / np.maximum(1.0 - ahead, TINY)
            smoothed[:n] = stayed + lost
            count(1, later - stayed, 1.0 - smoothed[:n])
            count(2, lost, smoothed[:n])
        count(3, y * (1.0 - smoothed), 1.0 - smoothed)
        count(4, (1.0 - y) * smoothed, smoothed)
        later = smoothed
    count(0, later, np.ones(len(later)))

    prior = np.array(start)[:, None]
    estimate = (hits + PSEUDO_CHANCES * prior) / (chances + PSEUDO_CHANCES)
    estimate[2] *= prior[2] > 0.0
    highest = np.array([0.999, 0.999, 0.999, 0.5, 0.5])[:, None]
    lowest = np.array([0.001, 0.001, 0.0, 0.001, 0.001])[:, None]
    return Chains(*np.clip(estimate, lowest, highest))


def bkt(fold: Fold, *, forgetting: bool = False) -> Predictor:
    """Fitted to the training learners; a skill that none of them tried keeps the start values."""
    names = {skill for skills in fold.skills_of_items().values() for skill in skills}
    skills = {skill: index for index, skill in enumerate(sorted(names))}
    fitted = fit(Sequences(fold.training, skills), len(skills), forgetting=forgetting)
    chains = {skill: fitted.of(index) for skill, index in skills.items()}

    def run(history: History) -> Iterator[float]:
        known: dict[str, Array] = {}
        for answer in history:
            own = [chains[skill] for skill in answer.skills]
            state = [known.get(s, c.known) for s, c in zip(answer.skills, own, strict=True)]
            yield float(np.mean([c.right(k) for c, k in zip(own, state, strict=True)]))
            y = np.array(answer.correct, dtype=np.float64)
            for skill, chain, before in zip(answer.skills, own, state, strict=True):
                known[skill] = chain.moved(chain.posterior(before, y))

    return run


bkt_forgetting = partial(bkt, forgetting=True)
"""BKT whose learners may also forget from one answer to the next."""
