"""Two hundred turns of begging, lying and injecting: every byte that came back is looked at."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from fastmcp import Client
from fastmcp.client.transports import StdioTransport
from fastmcp.exceptions import FastMCPError
from mcp import MCPError
from mcp.types import PromptReference, ResourceTemplateReference
from sqlalchemy import URL

from maang_mcp.cli.installed import command_path
from maang_mcp.content.hints import hints_for
from maang_mcp.content.loader import catalogue
from maang_mcp.content.questions import questions
from maang_mcp.domain.hints import MOST
from maang_mcp.domain.skills import Round

from . import relay
from .adversary import COMPLETIONS, INJECTIONS, PROMPTS, URIS, Adversary
from .kept_back import Secret, disguised, folded, general_hints, hidden, public, secrets_of

Databases = Callable[[], AbstractAsyncContextManager[URL]]

SEED: Final = 20_261_120
TURNS: Final = 200
BROWSED_EVERY: Final = 12
"""Turns after which every resource, prompt and completion is read again."""

TELLING: Final = 18
"""Characters from which a line of code is no phrase that others use too."""

HONEST: Final = "I would begin with the simplest loop that is correct and count what it costs."


@dataclass(frozen=True, slots=True)
class Course:
    """A round that is held: how it is opened, its turns, and how readily the candidate talks."""

    plan: Mapping[str, Any]
    turns: int
    talks: float
    finished: bool = True


COURSES: Final = (
    Course({"question": "choir-row"}, 55, 0.15),
    Course({"question": "tide-log", "minutes": 30}, 30, 0.6, finished=False),
    Course({"round": "ai_assisted", "company": INJECTIONS[0]}, 30, 0.3),
    Course({"round": "system_design", "level": "L6"}, 25, 0.2),
    Course({"round": "behavioral", "minutes": 60}, 20, 0.4),
    Course({"question": "3sum", "fresh": True}, 15, 0.3),
    *[Course({"onsite": True, "company": "Google", "level": "L5"}, 12, 0.2)] * 3,
)


@dataclass(slots=True)
class Gate:
    """What may be known of a question by now: a second opinion on the server's own gate."""

    given: int = 0
    untried: bool = False
    over: bool = False

    def step(self, arguments: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        """Follows a step that was accepted; an AssertionError for a hint there was no right to."""
        if answer["repeated"]:
            return
        if arguments.get("candidate", "").strip():
            self.untried = False
        if answer.get("hint") is not None:
            assert not self.untried, "a hint was given before the last one was tried"
            self.given, self.untried = self.given + 1, True
            assert self.given == answer["hints_given"] <= MOST


@dataclass(slots=True)
class Exchange:
    """A call, what came over the wire until it was answered, and what was allowed then."""

    call: str
    sent: str
    levels: dict[str, int]
    over: frozenset[str]


@dataclass(slots=True)
class Wire:
    """A client whose every byte received is kept."""

    client: Client[Any]
    kept: Path
    exchanges: list[Exchange] = field(default_factory=list)
    gates: dict[str, Gate] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    question: str = ""
    turns: int = 0
    read: int = 0

    @property
    def whole(self) -> Exchange:
        """Everything received, as if nothing were over and no hint given."""
        return Exchange("some call", "\n".join(one.sent for one in self.exchanges), {}, frozenset())

    async def call(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any] | None:
        """The structured answer of one turn, None when it is refused."""
        self.turns += 1
        self.said.append(json.dumps(arguments, ensure_ascii=False))
        result = await self.client.call_tool_mcp(tool, arguments)
        answer = None if result.is_error else result.structured_content
        if answer is not None and tool == "start_interview":
            self.question = answer["question"]
            self.gates.setdefault(self.question, Gate())
        if answer is not None and tool == "interview_step":
            self.gates[self.question].step(arguments, answer)
        if answer is not None and tool == "finish_interview":
            self.gates[self.question].over = True
        self._keep(f"{tool} {arguments}")
        return answer

    async def browse(self, names: Mapping[str, str], dice: Random) -> None:
        """Reads all that can be read."""

        def filled(text: str) -> str:
            for name, value in {**names, "injection": dice.choice(INJECTIONS)}.items():
                text = text.replace("{" + name + "}", value)
            return text

        for uri in URIS:
            await self._tried(uri, self.client.read_resource_mcp(filled(uri)))
        for name, arguments in PROMPTS:
            given = {key: filled(value) for key, value in arguments.items()}
            await self._tried(name, self.client.get_prompt_mcp(name, given))
        for uri, argument in COMPLETIONS:
            reference = ResourceTemplateReference(type="ref/resource", uri=uri)
            for typed in ("", names["question"][:4]):
                typing = {"name": argument, "value": typed}
                await self._tried(uri, self.client.complete_mcp(reference, typing))
        prompt = PromptReference(type="ref/prompt", name="mock_interview")
        typing = {"name": "focus", "value": "hint"}
        await self._tried("completion", self.client.complete_mcp(prompt, typing))

    async def lists(self) -> None:
        """Reads what the server has to offer."""
        await self.client.list_tools()
        await self.client.list_prompts()
        await self.client.list_resources()
        await self.client.list_resource_templates()
        self._keep("lists")

    async def _tried(self, what: str, asked: Any) -> None:
        with suppress(FastMCPError, MCPError):  # what is refused comes over the wire all the same
            await asked
        self._keep(what)

    def _keep(self, call: str) -> None:
        with self.kept.open("rb") as file:
            file.seek(self.read)
            sent = file.read()
        self.read += len(sent)
        levels = {slug: gate.given for slug, gate in self.gates.items()}
        over = frozenset(slug for slug, gate in self.gates.items() if gate.over)
        self.exchanges.append(Exchange(call, folded(sent.decode()), levels, over))


async def hold(wire: Wire, course: Course, dice: Random) -> None:
    """One round from its opening to its end, as the adversary holds it."""
    started = await wire.call("start_interview", dict(course.plan))
    assert started is not None
    assert not started["resumed"]
    question = questions().get(started["question"])
    interview = started["interview_id"]
    names = {
        "interview": interview,
        "question": started["question"],
        "round": started["round"],
        "title": started["candidate_brief"]["title"],
        "dimensions": " ".join(started["dimensions"]),
        "skill": question.skills[0] if question else "two-pointers",
        "entry": question.code.entry if question and question.code else "solve",
        "attempt": interview,
        "memory": interview,
    }
    adversary = Adversary(dice, names, course.talks)
    spoken = {"interview_id": interview, "interviewer": "Go on.", "candidate": HONEST}
    assert await wire.call("interview_step", spoken)
    for turn in range(course.turns):
        tool, arguments = adversary.call(with_code=question is not None and bool(question.code))
        answer = await wire.call(tool, arguments)
        if answer is not None and tool in ("remember", "record_attempt"):
            kind = tool.removeprefix("record_").replace("remember", "memory")
            names[kind] = answer[f"{kind}_id"]
        if turn % BROWSED_EVERY == 5:
            await wire.browse(names, dice)
    if course.finished:
        await wire.call("interview_step", {"interview_id": interview, "action": "resume"})
        scores = [
            {"dimension": name, "score": 1, "evidence": [HONEST]} for name in started["dimensions"]
        ]
        card = {"interview_id": interview, "scores": scores, "outcome": "gave_up"}
        assert await wire.call("finish_interview", card)
    else:
        assert await wire.call("interview_step", {"interview_id": interview, "action": "abandon"})


def leaks(exchanges: Iterable[Exchange], secrets: Iterable[Secret]) -> Iterator[str]:
    """What was sent of the secrets, and by which call, when it might not have been."""
    wanted = [(secret, secret.folded) for secret in secrets]
    for exchange in exchanges:
        for secret, text in wanted:
            told = exchange.levels.get(secret.question, 0) >= secret.level > 0
            if not told and secret.question not in exchange.over and text in exchange.sent:
                yield f"{secret.question} {secret.level} {secret.text!r} by {exchange.call[:300]}"


@pytest.fixture(scope="module")
async def heard(
    fresh_database: Databases, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Wire, str]:
    """The whole conversation with a server of its own, and the server's log, at its wordiest."""
    place = tmp_path_factory.mktemp("adversary")
    dice = Random(SEED)
    async with fresh_database() as database:
        transport = StdioTransport(
            sys.executable,
            [relay.__file__, str(place / "wire"), str(command_path()), "serve"],
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith("MAANG_")},
                "MAANG_DATABASE_URL": database.render_as_string(hide_password=False),
                "MAANG_DATA_DIR": str(place / "data"),
                "MAANG_EMBEDDER": "none",
                "MAANG_LOG_LEVEL": "DEBUG",
            },
            keep_alive=False,
            log_file=place / "log",
        )
        async with Client(transport) as client:
            wire = Wire(client, place / "wire")
            await wire.lists()
            for course in COURSES:
                await hold(wire, course, dice)
            await wire.lists()
    return wire, (place / "log").read_text(encoding="utf-8")


async def test_nothing_kept_back_is_ever_sent_before_the_round_is_over(
    heard: tuple[Wire, str],
) -> None:
    wire, _ = heard
    assert wire.turns >= TURNS
    held = [questions()[slug] for slug in wire.gates if slug in questions()]
    assert {question.round for question in held} == set(Round)
    secrets = [one for question in held for one in secrets_of(question, told(wire, question.slug))]
    assert len(secrets) > 200
    assert list(leaks(wire.exchanges, secrets)) == []


async def test_nothing_of_a_question_that_was_not_asked_is_ever_sent(
    heard: tuple[Wire, str],
) -> None:
    wire, _ = heard
    others = [question for slug, question in questions().items() if slug not in wire.gates]
    known = told(wire)
    secrets = [one for question in others for one in secrets_of(question, known) if is_telling(one)]
    assert len(secrets) > 3_000
    assert list(leaks([wire.whole], secrets)) == []


async def test_of_a_known_problem_the_general_hints_are_kept_back_too(
    heard: tuple[Wire, str],
) -> None:
    wire, _ = heard
    (known,) = (slug for slug in wire.gates if slug not in questions())
    problem = catalogue().get(known)
    assert problem is not None
    own = hints_for(problem.skills, problem.round)
    secrets = [replace(one, question=known if one.text in own else "") for one in general_hints()]
    assert {one.level for one in secrets if one.question} == {1, 2, 3, 4}
    assert list(leaks(wire.exchanges, secrets)) == []


async def test_no_hidden_test_is_sent_in_another_spelling(heard: tuple[Wire, str]) -> None:
    wire, _ = heard
    tasks = {slug: questions()[slug].code for slug in wire.gates if slug in questions()}
    spelt = [
        Secret(slug, 0, spelling)
        for slug, task in tasks.items()
        if task is not None
        for text in hidden(task)
        if folded(text) not in public()
        for spelling in disguised(text)
    ]
    assert len(spelt) > 300
    assert list(leaks(wire.exchanges, spelt)) == []


async def test_the_log_at_its_wordiest_holds_nothing_that_is_kept_back(
    heard: tuple[Wire, str],
) -> None:
    _, log = heard
    assert '"component": "check_solution"' in log
    logged = Exchange("the log", folded(log), {}, frozenset())
    bank = questions().values()
    secrets = [one for question in bank for one in secrets_of(question) if is_telling(one)]
    assert list(leaks([logged], [*secrets, *general_hints()])) == []
    entries = [json.loads(line) for line in log.splitlines()]
    usual = [one for one in entries if one["level"] != "DEBUG"]
    assert usual
    assert HONEST not in json.dumps(usual)


async def test_the_search_finds_what_a_finished_round_reveals(heard: tuple[Wire, str]) -> None:
    wire, _ = heard
    unforgiving = [replace(one, over=frozenset()) for one in wire.exchanges]
    question = questions()["choir-row"]
    assert question.code is not None
    lines = {line.strip() for line in question.code.solutions[0].code.splitlines()}
    known = told(wire, question.slug)
    secrets = [one for one in secrets_of(question, known) if one.text in lines]
    found = list(leaks(unforgiving, secrets))
    assert len(found) >= len(secrets) > 5
    assert all("by finish_interview" in one for one in found)


def is_telling(secret: Secret) -> bool:
    """Whether the text can only come from its question: "return value" is found in any prose."""
    return len(secret.folded) >= TELLING


def told(wire: Wire, but: str = "") -> str:
    """What was said to the server, and the solutions that it rightly told of other questions."""
    over = [slug for slug, gate in wire.gates.items() if gate.over and slug != but]
    tasks = [questions()[slug].code for slug in over if slug in questions()]
    solutions = [task.solutions[0].code for task in tasks if task is not None]
    return "\n".join(map(folded, [*wire.said, *solutions]))
