"""The same candidates through the product's tools, compared answer by answer with the model.

Every learner has a server of their own over one embedded store; the client speaks MCP to it in
memory. What the tools say of an attempt and of the weaknesses must be what the model says, rounded
as answers are, in the order in which they are told.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from fastmcp import Client
from uuid_utils.compat import uuid7

from db import Content, Store, open_store
from maang_mcp.app import Coach, wire
from maang_mcp.cache import NoCache
from maang_mcp.content.loader import catalogue, content_version, skill_graph
from maang_mcp.domain.diagnosis import weakness_report
from maang_mcp.domain.standing import Consequence
from maang_mcp.domain.weakness import WeaknessKind, surest_first
from maang_mcp.embedding import NoEmbedder
from maang_mcp.server.build import build_server
from maang_mcp.server.opening import Opening
from tests.factories import store_directory

from .candidates import VARIANTS, Candidate
from .policies import self_chosen
from .practice import BETWEEN, START, history
from .scores import NAMED, mean
from .world import World, shipped

EVERY = 10
"""Attempts between two reports."""
LONGEST = 50
"""The most findings a report tells."""
ACCURACY = 0.8

Answer = Mapping[str, Any]


@dataclass(slots=True)
class Comparison:
    """What was asked of the tools for one candidate, where they differed from the model, and how
    many of the first three topics were planted, as the tools told them and as the model ranks."""

    answers: int = 0
    differences: list[str] = field(default_factory=list)
    untested_named: list[str] = field(default_factory=list)
    told: float = 0.0
    modelled: float = 0.0

    def expect(self, where: str, told: object, modelled: object) -> None:
        """Takes note of an answer."""
        self.answers += 1
        if told != modelled:
            self.differences.append(f"{where}: told {told}, model {modelled}")


class _Clock:
    """The moment a candidate lives in."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


def drawn(seed: int, number: int, variant: str = "planted") -> Candidate:
    """A candidate in the product's own world."""
    world = shipped(seed)
    return Candidate.draw(world, VARIANTS[variant], f"{seed}:{number}", ACCURACY)


async def through_tools(store: Store, candidate: Candidate, name: str, attempts: int) -> Comparison:
    """Practises through `record_attempt`, asks `weakness_report` now and then."""
    practised = history(candidate, self_chosen, attempts, name)
    clock, found = _Clock(), Comparison()
    coach = wire(store, NoCache(), NoEmbedder(), clock, uuid7)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Coach]:
        yield coach

    server = build_server(Opening(opened), learner=f"planted-{uuid4()}")
    async with Client(server) as client:

        async def call(tool: str, arguments: dict[str, Any]) -> Answer:
            answer = await client.call_tool_mcp(tool, arguments)
            if answer.is_error or answer.structured_content is None:
                raise RuntimeError(f"{tool} failed: {answer.content}")
            content: Answer = answer.structured_content
            return content

        for n, one in enumerate(practised, start=1):
            clock.at = one.attempt.at
            _compare_attempt(found, one, await call("record_attempt", _report(one)))
            if n % EVERY == 0 or n == attempts:
                clock.at = one.attempt.at + BETWEEN
                answer = await call("weakness_report", {"limit": LONGEST})
                _compare_report(found, candidate.world, practised[:n], clock.at, answer)
                topics = [w["name"] for w in answer["weaknesses"] if w["kind"] == "skill"]
                found.told = len(candidate.planted.intersection(topics[:NAMED])) / NAMED
    await coach.backlog.aclose()
    last = practised[-1].standing.learner.skills
    ranked = sorted(last, key=lambda topic: last[topic].mean)
    found.modelled = len(candidate.planted.intersection(ranked[:NAMED])) / NAMED
    return found


def _report(one: Consequence) -> dict[str, Any]:
    attempt = one.attempt
    return {
        "problem": attempt.problem,
        "outcome": attempt.outcome.value,
        "minutes": attempt.minutes,
        "hints": attempt.hints,
        "mistakes": [mistake.value for mistake in attempt.mistakes],
        "culprit_skill": attempt.culprit_skill,
    }


def _compare_attempt(found: Comparison, one: Consequence, answer: Answer) -> None:
    moved = {entry["skill"]: entry["change"] for entry in answer["skills"]}
    changes = {skill: round(by, 2) for skill, by in one.observation.skill_changes.items()}
    where = f"attempt at {one.problem.slug}"
    found.expect(f"{where}, problem", answer["problem"], one.problem.slug)
    found.expect(f"{where}, predicted", answer["predicted"], round(one.expected, 2))
    found.expect(f"{where}, rating", answer["rating"], one.rating.name.lower())
    found.expect(f"{where}, skills", moved, changes)
    found.expect(f"{where}, review", answer["next_review"], one.review.due.date().isoformat())


def _compare_report(
    found: Comparison, world: World, practised: Sequence[Consequence], at: datetime, answer: Answer
) -> None:
    state = practised[-1].standing.learner
    report = weakness_report(state, world.graph, [one.evidence for one in practised], at)
    where = f"report after {len(practised)}"
    for told, weakness in zip(answer["weaknesses"], surest_first(report.weaknesses), strict=False):
        found.expect(
            f"{where}, finding",
            (
                *(told[key] for key in ("kind", "name", "severity", "confidence", "label")),
                *(told[key] for key in ("n", "trend", "recommendation")),
                [(cited["problem"], cited["predicted"]) for cited in told["evidence"]],
            ),
            (
                *(weakness.kind, weakness.name),
                *(round(weakness.severity, 1), round(weakness.confidence, 2), weakness.label),
                *(weakness.n, weakness.trend, weakness.recommendation),
                [(cited.problem, round(cited.expected or 0.0, 2)) for cited in weakness.evidence],
            ),
        )
    count = min(len(report.weaknesses), LONGEST)
    found.expect(f"{where}, findings", len(answer["weaknesses"]), count)
    found.expect(f"{where}, attempts", answer["attempts"], report.attempts)
    topics = {topic.id for topic in world.topics}
    untested = [name for name in report.untested if name in topics]
    found.expect(f"{where}, untested", answer["untested"], untested[: len(answer["untested"])])
    found.untested_named += [
        told["name"]
        for told in answer["weaknesses"]
        if told["kind"] == WeaknessKind.SKILL and told["name"] not in state.skills
    ]


async def tell_through_tools(learners: int, attempts: int, seeds: Sequence[int]) -> None:
    """Prints how many answers were compared, how many differed, and precision@3 by both."""
    print(
        f"through the tools: {learners} learners x {attempts} attempts for each seed, culprit"
        f" {ACCURACY:.0%}, the product's coding skills and problems, no embedder"
    )
    found = []
    with store_directory() as place:
        store = await open_store(database_url=None, data_dir=place)
        try:
            await store.prepare(Content(skill_graph(), catalogue(), content_version()))
            for seed in seeds:
                for number in range(learners):
                    name = f"{seed}:{number}"
                    found.append(await through_tools(store, drawn(seed, number), name, attempts))
        finally:
            await store.close()
    differences = [difference for one in found for difference in one.differences]
    print(
        f"  answers compared: {sum(one.answers for one in found):,}, different: {len(differences)}"
    )
    for difference in differences[:5]:
        print(f"    {difference}")
    print(f"  untested skills named as weak: {sum(len(one.untested_named) for one in found)}")
    print(f"  precision@3 in the order told by the tools: {mean([one.told for one in found])}")
    print(f"  precision@3 by the model's deviations:      {mean([one.modelled for one in found])}")
