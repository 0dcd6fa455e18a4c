"""The curriculum: skills (knowledge components), how often they are asked, what rests on what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from rapidfuzz import fuzz, process

from . import naming
from .errors import UnknownSkill


class Round(StrEnum):
    """The kinds of interview a loop is made of."""

    CODING = "coding"
    SYSTEM_DESIGN = "system_design"
    BEHAVIORAL = "behavioral"
    AI_ASSISTED = "ai_assisted"


@dataclass(frozen=True, slots=True)
class Skill:
    """One knowledge component.

    `id` is a slug ("sliding-window"), `family` the pattern family it belongs to, and `frequency`
    the share of interviews of its round that need it, in (0, 1]. `prerequisites` are ids of the
    skills to learn first; `aliases` are the other names people use.
    """

    id: str
    name: str
    family: str
    round: Round
    frequency: float
    prerequisites: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class SkillGraph(Mapping[str, Skill]):
    """All skills by id, iterated so that prerequisites come before what rests on them.

    Raises `ValueError` for an id or name used twice, a prerequisite that does not exist, a cycle,
    or a frequency outside (0, 1]: the graph is the product's own data, so each is a defect.
    """

    def __init__(self, skills: Iterable[Skill]) -> None:
        by_id: dict[str, Skill] = {}
        for skill in skills:
            if skill.id in by_id:
                raise ValueError(f"skill {skill.id!r} is defined twice")
            if not 0 < skill.frequency <= 1:
                raise ValueError(f"skill {skill.id!r} has frequency {skill.frequency}")
            by_id[skill.id] = skill
        for skill in by_id.values():
            for prerequisite in skill.prerequisites:
                if prerequisite not in by_id:
                    raise ValueError(f"skill {skill.id!r} rests on unknown {prerequisite!r}")
        self._skills = {skill_id: by_id[skill_id] for skill_id in _topological(by_id)}
        self._names = _names(self._skills.values())
        self._topics: dict[str, tuple[Skill, ...]] = {}
        for skill in self._skills.values():
            for topic in {naming.key(naming.words(name)) for name in (skill.family, skill.round)}:
                self._topics[topic] = (*self._topics.get(topic, ()), skill)

    def __getitem__(self, skill_id: str) -> Skill:
        return self._skills[skill_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._skills)

    def __len__(self) -> int:
        return len(self._skills)

    def of_round(self, round: Round) -> tuple[Skill, ...]:
        """The skills of one round, prerequisites first."""
        return tuple(skill for skill in self._skills.values() if skill.round is round)

    def prerequisites(self, skill_id: str) -> tuple[Skill, ...]:
        """The skills that one rests on directly."""
        return tuple(self._skills[required] for required in self._skills[skill_id].prerequisites)

    def ancestors(self, skill_id: str) -> frozenset[str]:
        """The ids of everything a skill rests on, directly or not; never the skill itself."""
        found: set[str] = set()
        waiting = list(self._skills[skill_id].prerequisites)
        while waiting:
            required = waiting.pop()
            if required not in found:
                found.add(required)
                waiting.extend(self._skills[required].prerequisites)
        return frozenset(found)

    def resolve(self, text: str) -> Skill:
        """The skill of that id, name or alias, however it is written.

        Raises `UnknownSkill`, whose message offers the nearest names.
        """
        skill = self._names.get(naming.key(naming.words(text)))
        if skill is None:
            raise UnknownSkill(f"No skill is called {text[:60]!r}{self._suggest(text)}.")
        return skill

    def topic(self, text: str) -> tuple[Skill, ...]:
        """The skills a topic name covers: a whole round or family of that name, or else one skill.

        An id always means its own skill alone. Raises `UnknownSkill`.
        """
        spelt = naming.key(naming.words(text))
        skill = self._names.get(spelt)
        if skill is not None and spelt == naming.key(naming.words(skill.id)):
            return (skill,)
        return self._topics.get(spelt) or (self.resolve(text),)

    def _suggest(self, text: str) -> str:
        near = process.extract(
            naming.key(naming.words(text)), self._names.keys(), scorer=fuzz.WRatio, score_cutoff=60
        )
        ids = list(dict.fromkeys(self._names[name].id for name, _, _ in near))[:3]
        return f"; near it: {', '.join(ids)}" if ids else ""


def _topological(skills: Mapping[str, Skill]) -> Iterator[str]:
    sorter = TopologicalSorter({skill.id: skill.prerequisites for skill in skills.values()})
    try:
        return iter(tuple(sorter.static_order()))
    except CycleError as error:
        raise ValueError(f"skills rest on each other: {' -> '.join(error.args[1])}") from error


def _names(skills: Iterable[Skill]) -> dict[str, Skill]:
    names: dict[str, Skill] = {}
    for skill in skills:
        for name in (skill.id, skill.name, *skill.aliases):
            spelt = naming.key(naming.words(name))
            if names.setdefault(spelt, skill) is not skill:
                raise ValueError(f"{name!r} names both {names[spelt].id!r} and {skill.id!r}")
    return names
