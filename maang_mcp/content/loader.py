"""Reading the shipped data once per process.

    data/skills.json    the skill graph of all four rounds
    data/coding.json    coding problems of the practice site
    data/topics.json    system-design, behavioral and AI-assisted questions
    data/README.md      what each field means, and whose judgement it is
    questions/          the bank (see `questions`), as problems that have a history

The files are the product's own, so a mistake in one is a defect and raises `ValueError` (or
`KeyError` for a missing field) at first use; nothing is skipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.level import Level
from maang_mcp.domain.problem import Difficulty, ItemDifficulty, Problem, time_limit
from maang_mcp.domain.question import Question
from maang_mcp.domain.skills import Round, Skill, SkillGraph

from .questions import questions

_FILES: Final = ("skills.json", "coding.json", "topics.json")
_PROBLEM_PAGE: Final = "https://leetcode.com/problems/{slug}/"
_SUBSCRIBERS_MARK: Final = " \N{LOCK}"
"""How the practice site ends the title of a problem that only its subscribers can open."""


@cache
def skill_graph() -> SkillGraph:
    """The skills of all rounds with their prerequisites."""
    return SkillGraph(
        Skill(
            id=entry["id"],
            name=entry["name"],
            family=entry["family"],
            round=Round(entry["round"]),
            frequency=entry["frequency"],
            prerequisites=tuple(entry.get("prerequisites", ())),
            aliases=tuple(entry.get("aliases", ())),
        )
        for entry in json.loads(_read("skills.json"))
    )


@cache
def catalogue() -> Catalogue:
    """Every problem and question that ships with the product.

    A question of the bank on a topic that is known anyway goes by that name, so that its history
    is one.
    """
    known = (*_problems("coding.json"), *_problems("topics.json"))
    slugs = {problem.slug for problem in known}
    bank = (_of_bank(one) for slug, one in questions().items() if slug not in slugs)
    return Catalogue((*known, *bank), skill_graph())


@cache
def content_version() -> str:
    """A short digest of what the store mirrors: it changes when, and only when, one of these files
    does. Questions of the bank are kept with the learners who met them."""
    digest = sha256()
    for name in _FILES:
        digest.update(f"{name}\0".encode() + _read(name).replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:16]


def _problems(name: str) -> Iterator[Problem]:
    for entry in json.loads(_read(name)):
        yield _problem(entry)


def _problem(entry: Mapping[str, Any]) -> Problem:
    difficulty = Difficulty(entry["difficulty"])
    round = Round(entry.get("round", Round.CODING))
    rating = entry.get("rating")
    return Problem(
        slug=entry["slug"],
        title=entry["title"].removesuffix(_SUBSCRIBERS_MARK),
        difficulty=difficulty,
        skills=tuple(entry["skills"]),
        number=entry.get("number"),
        url=_PROBLEM_PAGE.format(slug=entry["slug"]) if round is Round.CODING else None,
        lists=tuple(entry.get("lists", ())),
        minutes=time_limit(difficulty, round),
        item=ItemDifficulty.from_contest_rating(rating)
        if rating is not None
        else ItemDifficulty.from_label(difficulty),
        round=round,
        aliases=tuple(entry.get("aliases", ())),
        subscriber_only=entry["title"].endswith(_SUBSCRIBERS_MARK),
    )


def _of_bank(question: Question) -> Problem:
    return Problem(
        slug=question.slug,
        title=question.title,
        difficulty=question.difficulty,
        skills=question.skills,
        minutes=question.minutes[Level.MID],
        item=ItemDifficulty.from_label(question.difficulty),
        round=question.round,
        custom=True,
        bank=True,
    )


def _read(name: str) -> bytes:
    return (files(__package__) / "data" / name).read_bytes()
