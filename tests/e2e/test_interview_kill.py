"""An interview whose process is killed wherever it hurts, and taken up by another process."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import psutil  # type: ignore[import-untyped]  # it ships no types
import pytest
from sqlalchemy import text

from db import Store
from maang_mcp.app import Coach
from maang_mcp.content.questions import questions
from maang_mcp.content.rounds import round_spec, rubric
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round
from tests.factories import NOW, report
from tests.lives import ASKED, SAID

from .coach_process import FORKS
from .server_process import serving

ROOT: Final = Path(__file__).parents[2]
CODED: Final = "choir-row"
MINUTES: Final = 45

STUCK: Final = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
SAME_STEP: Final = text(
    "INSERT INTO interview_step (learner_id, interview_id, id, request, answer)"
    " VALUES (:learner, :interview, :row, '', '{}')"
)
"""Not committed, it stops whoever records a step of that id until it is known which one is."""

SAME_SCORE: Final = text(
    "INSERT INTO interview_score (learner_id, interview_id, dimension, given, score, evidence)"
    " VALUES (:learner, :interview, :row, 1, 1, '{}')"
)
SKILLS: Final = text("SELECT 1 FROM skill_state WHERE learner_id = :learner FOR UPDATE")
INTERVIEW: Final = text("SELECT 1 FROM interview WHERE id = :interview FOR NO KEY UPDATE")
LEARNER: Final = text("SELECT 1 FROM learner WHERE id = :learner FOR UPDATE")


class CoachProcess:
    """A process with the product in it, and the connection to it."""

    def __init__(self, id: int, reader: StreamReader, writer: StreamWriter) -> None:
        self.process = psutil.Process(id)
        self._reader = reader
        self._writer = writer

    async def ask(
        self, learner: Learner, minute: float, what: str, /, **given: Any
    ) -> dict[str, Any]:
        """What it answers, at that minute of the interview."""
        self.begin(learner, minute, what, **given)
        line = await self._reader.readline()
        assert line, "the process has ended"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def begin(self, learner: Learner, minute: float, what: str, /, **given: Any) -> None:
        """Asks without waiting for the answer."""
        at = (NOW + timedelta(minutes=minute)).isoformat()
        request = {"learner": learner.subject, "at": at, "do": what, "given": given}
        self._writer.write(json.dumps(request).encode() + b"\n")

    async def kill(self) -> None:
        """What the operating system does to a process that cannot even say goodbye."""
        self.process.kill()
        with suppress(ConnectionResetError):
            await self._reader.read()  # until there is nobody at the other end
        self._writer.close()


class Spares:
    """Makes processes, one that is not used yet always among them."""

    def __init__(self, store: Store) -> None:
        self._url = store.engine.url.render_as_string(hide_password=False)
        self._ready: asyncio.Queue[CoachProcess] = asyncio.Queue()
        self._makers: list[asyncio.subprocess.Process] = []
        self._taken: list[CoachProcess] = []

    async def __aenter__(self) -> Spares:
        self._server = await asyncio.start_server(self._met, "127.0.0.1", 0, limit=1 << 22)
        await self._make()
        return self

    async def take(self) -> CoachProcess:
        """One that nobody has used."""
        await self._make()
        self._taken.append(await self._ready.get())
        return self._taken[-1]

    async def __aexit__(self, *exc_info: object) -> None:
        self._taken.append(await self._ready.get())
        for one in self._taken:
            if one.process.is_running():
                await one.kill()
        for maker in self._makers:
            maker.kill()
            await maker.wait()
        self._server.close()
        await self._server.wait_closed()

    async def _make(self) -> None:
        if not (FORKS and self._makers):
            port = self._server.sockets[0].getsockname()[1]
            maker = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.e2e.coach_process", self._url, str(port)),
                cwd=ROOT,
                stdin=asyncio.subprocess.PIPE,
            )
            self._makers.append(maker)
        line = self._makers[-1].stdin
        assert line is not None
        line.write(b"\n")

    async def _met(self, reader: StreamReader, writer: StreamWriter) -> None:
        id = int(await reader.readline())
        self._ready.put_nowait(CoachProcess(id, reader, writer))


@pytest.fixture(scope="module")
async def spares(store: Store) -> AsyncIterator[Spares]:
    async with Spares(store) as spares:
        yield spares


@asynccontextmanager
async def held(
    store: Store, statement: Any, learner: Learner, interview: str, row: object = None
) -> AsyncIterator[None]:
    """Rows that nobody else can write meanwhile."""
    given = {"learner": learner.id, "interview": UUID(interview), "row": row}
    names = statement.compile().params
    async with store.engine.connect() as connection:
        await connection.execute(statement, {name: given[name] for name in names})
        yield
        await connection.rollback()


async def killed_while_writing(store: Store, process: CoachProcess) -> None:
    """Kills it once it waits for a row that is held, in the middle of its transaction."""
    async with asyncio.timeout(10), store.engine.connect() as connection:
        while not await connection.scalar(STUCK):
            await connection.rollback()
            await asyncio.sleep(0.01)  # nothing tells when somebody begins to wait
    await process.kill()


class Held:
    """An interview as it ought to stand: what another process has to find."""

    def __init__(self, learner: Learner, started: dict[str, Any]) -> None:
        self.learner = learner
        self.id: str = started["interview_id"]
        self.phases = list(started["phases"])
        self.at = 0
        self.minute = 0.0
        self.hints = 0
        self.said: list[str] = []

    async def found_by(self, process: CoachProcess) -> None:
        """Takes it up and compares."""
        self.minute += 0.5
        told = await process.ask(self.learner, self.minute, "start", question="two-sum")
        assert told["resumed"]
        assert (told["interview_id"], told["phase"]) == (self.id, self.phases[self.at])
        assert (told["clock"]["elapsed"], len(told["hints"])) == (self.minute, self.hints)
        shown = await process.ask(self.learner, self.minute, "show", interview_id=self.id)
        assert (shown["state"], shown["phase"]) == ("active", self.phases[self.at])
        spoken = [line for line in shown["turns"] if not line.startswith("hint")]
        assert [words(line) for line in spoken] == self.said

    def step(self, action: str) -> dict[str, Any]:
        """The next exchange; what is said in it is new."""
        number = len(self.said)
        return {
            "interview_id": self.id,
            "interviewer": f"Question {number}?",
            "candidate": f"Answer {number}: {SAID}",
            "action": action,
            "step_id": str(uuid4()),
        }

    def happened(self, step: dict[str, Any]) -> None:
        """The step was taken."""
        self.said += [step["interviewer"], step["candidate"]]
        self.hints += step["action"] == "hint"
        self.at += step["action"] == "next_phase"


def words(line: str) -> str:
    """What was said, without its speaker and the fence around it."""
    return line.split("\n", 1)[1].rsplit("\n", 1)[0]


@pytest.mark.parametrize("round", list(Round))
async def test_a_kill_at_any_boundary_of_phases_loses_nothing_and_leaves_no_half(
    store: Store, spares: Spares, learner: Learner, round: Round
) -> None:
    process = await spares.take()
    begun = await process.ask(learner, 0, "start", round=round.value, minutes=MINUTES)
    interview = Held(learner, begun)
    assert interview.phases == list(round_spec(round, MINUTES).names)
    torn: dict[str, Any] | None = None
    was_recorded = False
    while True:
        if torn is not None:
            process = await spares.take()
            await interview.found_by(process)
            again = await process.ask(learner, interview.minute, "step", **torn)
            assert again["repeated"] is was_recorded
            if not was_recorded:
                interview.happened(torn)
            assert again["phase"] == interview.phases[interview.at]
        if interview.at == len(interview.phases) - 1:
            break
        wants_hint = interview.hints < 4 and round is not Round.BEHAVIORAL
        exchange = interview.step("hint" if wants_hint else "continue")
        interview.minute += 1
        assert "error" not in await process.ask(learner, interview.minute, "step", **exchange)
        interview.happened(exchange)
        interview.minute += 1
        torn, was_recorded = interview.step("next_phase"), interview.at % 2 == 0
        if was_recorded:
            await process.ask(learner, interview.minute, "step", **torn)
            interview.happened(torn)
            await process.kill()
        else:
            async with held(store, SAME_STEP, learner, interview.id, torn["step_id"]):
                process.begin(learner, interview.minute, "step", **torn)
                await killed_while_writing(store, process)
    await process.kill()
    process = await spares.take()
    await interview.found_by(process)


@pytest.fixture
async def coded(
    store: Store, coach: Coach, spares: Spares, learner: Learner
) -> tuple[Held, CoachProcess]:
    """An interview about code, as far as its tests; the learner has met the question before."""
    await coach.practice.record_attempt(learner, report(ASKED))
    process = await spares.take()
    begun = await process.ask(learner, 0, "start", question=ASKED, minutes=MINUTES)
    interview = Held(learner, begun)
    for action in ("hint", "next_phase"):
        step = interview.step(action)
        interview.minute += 2
        await process.ask(learner, interview.minute, "step", **step)
        interview.happened(step)
    return interview, process


@pytest.mark.parametrize(
    ("rows", "row"),
    [(LEARNER, None), (SKILLS, None), (SAME_SCORE, "testing"), (INTERVIEW, None)],
    ids=["the first write", "the skills", "the last score", "the last write"],
)
async def test_a_kill_while_finishing_leaves_the_interview_as_it_was(
    store: Store, spares: Spares, coded: tuple[Held, CoachProcess], rows: Any, row: str | None
) -> None:
    interview, process = coded
    card = {"interview_id": interview.id, "quote": SAID, "dimensions": rubric(Round.CODING).names}
    before = await process.ask(interview.learner, interview.minute, "stats")
    async with held(store, rows, interview.learner, interview.id, row):
        process.begin(interview.learner, interview.minute, "finish", **card)
        await killed_while_writing(store, process)

    process = await spares.take()
    await interview.found_by(process)
    assert await process.ask(interview.learner, interview.minute, "stats") == before
    told = await process.ask(interview.learner, interview.minute, "finish", **card)
    assert not told["repeated"]
    await process.kill()

    process = await spares.take()
    again = await process.ask(interview.learner, interview.minute, "finish", **card)
    assert again == told | {"repeated": True}
    after = await process.ask(interview.learner, interview.minute, "stats")
    assert after["attempts"] == before["attempts"] + 1
    shown = await process.ask(
        interview.learner, interview.minute, "show", interview_id=interview.id
    )
    assert (shown["state"], shown["verdict"]) == ("finished", told["verdict"])
    await process.kill()


async def test_a_kill_while_code_runs_leaves_no_result_and_no_worker(
    store: Store, spares: Spares, learner: Learner
) -> None:
    task = questions()[CODED].code
    assert task is not None
    endless = f"def {task.entry}(*args):\n    while True:\n        pass\n"
    process = await spares.take()
    begun = await process.ask(learner, 0, "start", question=CODED, minutes=MINUTES)
    id = begun["interview_id"]
    process.begin(learner, 1, "check", interview_id=id, code=endless)
    async with asyncio.timeout(10):
        while not (workers := process.process.children(recursive=True)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await process.kill()
    _, alive = await asyncio.to_thread(psutil.wait_procs, workers, timeout=10)
    assert alive == []

    process = await spares.take()
    resumed = await process.ask(learner, 2, "start")
    assert (resumed["resumed"], resumed["last_code"]) == (True, None)
    code = task.solutions[0].code
    async with held(store, LEARNER, learner, id):
        process.begin(learner, 3, "check", interview_id=id, code=code)
        await killed_while_writing(store, process)

    process = await spares.take()
    assert (await process.ask(learner, 4, "start"))["last_code"] is None
    checked = await process.ask(learner, 5, "check", interview_id=id, code=code)
    assert checked["passed"] == len(task.tests)
    await process.kill()

    process = await spares.take()
    assert code.strip() in (await process.ask(learner, 6, "start"))["last_code"]
    await process.kill()


async def test_the_server_itself_takes_an_interview_up_after_a_kill(
    store: Store, learner: Learner, tmp_path: Path
) -> None:
    settings = {
        "database_url": store.engine.url.render_as_string(hide_password=False),
        "learner": learner.subject,
    }
    async with serving(cwd=tmp_path, **settings) as server:
        await server.greet()
        begun = (await server.call("start_interview", question=ASKED))["structuredContent"]
        step = {"interview_id": begun["interview_id"], "candidate": SAID, "action": "hint"}
        told = (await server.call("interview_step", **step))["structuredContent"]
        server.process.kill()
    async with serving(cwd=tmp_path, **settings) as server:
        await server.greet()
        found = (await server.call("start_interview"))["structuredContent"]
    assert (found["resumed"], found["interview_id"]) == (True, begun["interview_id"])
    assert (found["hints"], found["phase"]) == ([told["hint"]], told["phase"])
    assert [SAID[:60] in line for line in found["last_turns"]] == [True]
