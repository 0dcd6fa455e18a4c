"""A problem of any round: what it trains, how hard it is, how long it may take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from .naming import slugify
from .skills import Round


class Difficulty(StrEnum):
    """The label problem sites give."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


TIME_LIMITS: Final[Mapping[Difficulty, int]] = MappingProxyType(
    {Difficulty.EASY: 20, Difficulty.MEDIUM: 35, Difficulty.HARD: 50}
)
"""Minutes for a coding problem (judgement; see docs/learner-model.md)."""

ROUND_LIMITS: Final[Mapping[Round, int]] = MappingProxyType(
    {Round.SYSTEM_DESIGN: 45, Round.BEHAVIORAL: 10, Round.AI_ASSISTED: 60}
)
"""Minutes for a question of the rounds where the label does not decide."""

_LABEL_MEANS: Final = {Difficulty.EASY: -1.2, Difficulty.MEDIUM: 0.2, Difficulty.HARD: 1.6}
_LABEL_VARIANCE: Final = 0.36
_RATED_VARIANCE: Final = 0.15


@dataclass(frozen=True, slots=True)
class ItemDifficulty:
    """Item difficulty of the Rasch model: a Gaussian belief in logits, and where it comes from."""

    mean: float
    variance: float
    source: str

    @classmethod
    def from_label(cls, label: Difficulty) -> ItemDifficulty:
        """What the label alone tells: easy -1.2, medium 0.2, hard 1.6, variance 0.36."""
        return cls(_LABEL_MEANS[label], _LABEL_VARIANCE, "label")

    @classmethod
    def from_contest_rating(cls, rating: float) -> ItemDifficulty:
        """What a contest rating tells: 0.2 + (rating - 1742) / 375, variance 0.15.

        The line is the least-squares fit through the three label groups. The 553 easy, 1151
        medium and 605 hard problems that have been in a contest average 1264, 1666 and 2297
        points; against -1.2, 0.2 and 1.6 logits that gives 375 points to the logit, with the
        groups at -1.08, 0.00 and 1.68. On this scale the ratings spread 0.62 logits around the
        mean of their label, which agrees with the 0.6 that the label's variance of 0.36 says.
        Contest ratings themselves stretch further (400 / ln 10 = 174 points to the logit): they
        measure speed among regular contestants, not whether one candidate gets there in time.
        """
        return cls(0.2 + (rating - 1742.0) / 375.0, _RATED_VARIANCE, "contest rating")

    @classmethod
    def assumed(cls) -> ItemDifficulty:
        """What is known when nobody named a difficulty: N(0.2, 1.3).

        The mixture of the three labels at their shares among all published problems (24 % easy,
        52 % medium, 24 % hard, mid 2026); its variance is 0.94 between the labels, 0.36 within.
        """
        return cls(0.2, 1.3, "assumed")


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem, question or topic that can be attempted.

    `slug` is its natural id; `skills` are ids of the skill graph, the primary one first; `minutes`
    is the time limit for solving it alone; `lists` are study lists it is on; `custom` marks one
    that is kept with the learner, who named it where the catalogue did not know it, or met it in
    the bank; `subscriber_only` one that the practice site shows to its paying subscribers alone;
    `bank` a question of our own.
    """

    slug: str
    title: str
    difficulty: Difficulty
    skills: tuple[str, ...]
    number: int | None = None
    url: str | None = None
    lists: tuple[str, ...] = ()
    minutes: int = field(kw_only=True)
    item: ItemDifficulty = field(kw_only=True)
    round: Round = Round.CODING
    aliases: tuple[str, ...] = ()
    custom: bool = False
    subscriber_only: bool = False
    bank: bool = False

    @property
    def interview(self) -> str | None:
        """The call that asks it, where no site shows its text and the learner did not bring it."""
        if self.url is not None or (self.custom and not self.bank):
            return None
        round = "" if self.round is Round.CODING else f" round={self.round}"
        return f"start_interview{round} question={self.slug}"


_URL: Final = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*", re.I | re.A)
_PATH_WORDS: Final = frozenset(
    {"challenge", "challenges", "contest", "description", "discuss", "editorial", "explore"}
    | {"leetcode", "practice", "problem", "problems", "problemset", "question", "questions"}
    | {"solution", "solutions", "submissions", "task", "tasks"}
)
_ROMAN: Final = frozenset({"ii", "iii", "iv", "vi", "vii"})
_TITLE_LENGTH: Final = 120
_LONGEST_READ: Final = 2000


def time_limit(difficulty: Difficulty, round: Round = Round.CODING) -> int:
    """Minutes within which a problem counts as solved in time."""
    return ROUND_LIMITS.get(round, TIME_LIMITS[difficulty])


def url_in(text: str) -> str | None:
    """The first web address in a text, completed with https:// where the scheme was left out."""
    found = _URL.search(text[:_LONGEST_READ])
    if found is None:
        return None
    address = found[0].rstrip(").,;]>\"'")
    return address if "://" in address else f"https://{address}"


def custom_problem(
    name_or_url: str,
    *,
    difficulty: Difficulty | None = None,
    skills: tuple[str, ...] = (),
    round: Round = Round.CODING,
) -> Problem:
    """A problem the catalogue does not know, under the name or address the learner gave it.

    The same name gives the same slug, so later attempts join the earlier ones. Without a
    difficulty it is labelled medium and its item difficulty stays wide. Raises `InvalidInput`
    for a name without a letter or digit.
    """
    url = url_in(name_or_url)
    name = name_or_url[:_LONGEST_READ]
    if url:
        name = _URL.sub(" ", name).strip(" ()[]<>:-") or _title_of(url)
    title = " ".join(name.split())[:_TITLE_LENGTH].rstrip()
    label = difficulty or Difficulty.MEDIUM
    return Problem(
        slug=slugify(title),
        title=title,
        difficulty=label,
        skills=skills,
        url=url,
        minutes=time_limit(label, round),
        item=ItemDifficulty.from_label(label) if difficulty else ItemDifficulty.assumed(),
        round=round,
        custom=True,
    )


def _title_of(url: str) -> str:
    """A readable title from an address: its last telling path segment, or else site and path."""
    parts = urlsplit(url)
    telling = [part for part in parts.path.split("/") if part and part not in _PATH_WORDS]
    named = [part for part in telling if len(part) > 3 and not part.isdigit()]
    site = parts.netloc.removeprefix("www.").split(".")[0]
    chosen = named[-1] if named else " ".join([site, *telling])
    spoken = re.sub(r"[-_+]|%20", " ", chosen).split()
    return " ".join(word.upper() if word in _ROMAN else word.capitalize() for word in spoken)
