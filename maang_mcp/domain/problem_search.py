"""How well a problem answers a search: by name, by topic, by the words of its titles."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from . import naming
from .errors import UnknownSkill
from .problem import Difficulty, Problem
from .skills import SkillGraph

_PRIMARY: Final = 3.0
_SECONDARY: Final = 2.0
_WORDED: Final = 1.0
_NAMED: Final = 1.0 + _PRIMARY + _WORDED
_FILLERS: Final = frozenset({"problem", "question", "leetcode", "neetcode", "practice"})


def split_query(query: str) -> tuple[str, Difficulty | None]:
    """What is asked for, without filler words, and the label if the query says one."""
    spoken = [word for word in naming.words(query) if word not in _FILLERS]
    labels = [word for word in spoken if word in set(Difficulty)]
    rest = " ".join(word for word in spoken if word not in labels)
    return rest, Difficulty(labels[0]) if labels else None


def rank(
    problems: Sequence[Problem], text: str, graph: SkillGraph, named: Problem | None
) -> Mapping[str, float]:
    """Relevance by slug, only of the problems that answer the text at all.

    The problem of exactly that name comes first, then those of which it is the primary topic,
    then those that need it too, then those whose names hold every word. The words count within
    the topic as well ("islands" is also a word of graph problems), unless they are its very name.
    """
    topic = _topic(text, graph)
    asked = naming.significant(naming.words(text))
    by_name = _is_name_of(topic, text, graph)
    found = {}
    for problem in problems:
        relevance = (
            _NAMED
            if named is not None and problem.slug == named.slug
            else _relevance(topical(problem, topic), _worded(problem, asked), by_name)
        )
        if relevance:
            found[problem.slug] = relevance
    return found


def topical(problem: Problem, skills: Collection[str]) -> float:
    """How much a problem is about these skills: 0 where it needs none of them."""
    if problem.skills and problem.skills[0] in skills:
        return _PRIMARY
    return _SECONDARY if any(skill in skills for skill in problem.skills) else 0.0


def standing(problem: Problem) -> tuple[int, bool, bool, float, int, str]:
    """The order among equals: on more study lists first, then what can be practised alone, then
    open to all, then easier, older."""
    return (
        -len(problem.lists),
        problem.bank,
        problem.subscriber_only,
        problem.item.mean,
        problem.number or 0,
        problem.title,
    )


def _topic(text: str, graph: SkillGraph) -> frozenset[str]:
    try:
        return frozenset(skill.id for skill in graph.topic(text))
    except UnknownSkill:
        return frozenset()


def _is_name_of(topic: frozenset[str], text: str, graph: SkillGraph) -> bool:
    spelt = naming.key(naming.words(text))
    return any(
        naming.key(naming.words(name)) == spelt
        for id in topic
        for name in (id, graph[id].name, graph[id].family)
    )


def _relevance(topical: float, worded: float, by_name: bool) -> float:
    return topical if topical and by_name else topical + worded


def _worded(problem: Problem, asked: Sequence[str]) -> float:
    named = {word for name in (problem.title, *problem.aliases) for word in naming.words(name)}
    held = all(any(word.startswith(part) for word in named) for part in asked)
    return _WORDED if held and asked else 0.0
