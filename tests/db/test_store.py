"""Units of work: all or nothing, one moment, bounded waits, and life after a killed server."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import anyio
import pytest
from sqlalchemy import URL, text

from db import Content, Store, open_store
from db.connections import greet
from db.embedded import status
from db.engine import create_engine
from maang_mcp.app import wire
from maang_mcp.cache import NoCache
from maang_mcp.content.loader import catalogue, content_version, skill_graph
from maang_mcp.domain.errors import CoachError, Conflict, InvalidInput, StoreUnavailable
from maang_mcp.domain.profile import Learner, Profile
from tests.factories import NOW, HashEmbedder, Ids, SteppingClock, report

Row = tuple[object, ...]


async def _name(store: Store, learner: Learner) -> str | None:
    async with store.reading(learner.id) as uow:
        return (await uow.learner.profile()).name


async def _generation(store: Store, learner: Learner) -> int:
    async with store.reading(learner.id) as uow:
        return uow.generation


# --- All or nothing.


async def test_what_a_block_wrote_is_there_when_it_ends(store: Store, learner: Learner) -> None:
    async with store.writing(learner.id, learner.subject) as uow:
        await uow.learner.save_profile(Profile(name="Ada"), NOW)
        assert await _name(store, learner) is None
    assert await _name(store, learner) == "Ada"


@pytest.mark.parametrize("error", [RuntimeError, Conflict, asyncio.CancelledError])
async def test_an_error_in_a_block_leaves_nothing_not_even_the_learner(
    store: Store, learner: Learner, error: type[BaseException]
) -> None:
    with pytest.raises(error):  # noqa: PT012 - the block is what is tested
        async with store.writing(learner.id, learner.subject) as uow:
            await uow.learner.save_profile(Profile(name="Ada"), NOW)
            raise error
    assert await _name(store, learner) is None
    async with store.engine.connect() as connection:
        known = text("SELECT count(*) FROM learner WHERE id = :learner")
        assert await connection.scalar(known, {"learner": learner.id}) == 0


async def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(
    store: Store, learner: Learner
) -> None:
    async with store.writing(learner.id, learner.subject) as uow:
        await uow.learner.save_profile(Profile(name="Ada"), NOW)
    async with store.reading(learner.id) as before:
        async with store.writing(learner.id, learner.subject) as uow:
            await uow.learner.save_profile(Profile(name="Grace"), NOW)
        assert (await before.learner.profile()).name == "Ada"
        assert before.generation == uow.generation - 1
    assert await _name(store, learner) == "Grace"


async def test_a_reader_cannot_write(store: Store, learner: Learner) -> None:
    async with store.writing(learner.id, learner.subject):
        pass
    with pytest.raises(StoreUnavailable):
        async with store.reading(learner.id) as uow:
            await uow.learner.save_profile(Profile(name="Ada"), NOW)


async def test_writers_of_one_learner_follow_each_other(store: Store, learner: Learner) -> None:
    async def count_up() -> None:
        async with store.writing(learner.id, learner.subject) as uow:
            hours = (await uow.learner.profile()).hours_per_week or 0
            await uow.learner.save_profile(Profile(hours_per_week=hours + 1), NOW)

    await asyncio.gather(*(count_up() for _ in range(12)))
    async with store.reading(learner.id) as uow:
        assert (await uow.learner.profile()).hours_per_week == 12


async def test_every_write_counts_the_generation_up_and_no_read_does(
    store: Store, learner: Learner
) -> None:
    assert await _generation(store, learner) == 0
    seen = []
    for _ in range(3):
        async with store.writing(learner.id, learner.subject) as uow:
            seen.append(uow.generation)
        assert await _generation(store, learner) == uow.generation
    assert seen == [seen[0], seen[0] + 1, seen[0] + 2]


async def test_who_was_erased_and_returns_has_a_generation_never_seen_before(
    store: Store, learner: Learner
) -> None:
    seen = set()
    for _ in range(3):
        async with store.writing(learner.id, learner.subject) as uow:
            seen.add(uow.generation)
        async with store.writing(learner.id, learner.subject) as uow:
            seen.add(uow.generation)
            await uow.learner.erase()
        assert await _generation(store, learner) == 0
    assert len(seen) == 6


async def test_an_operator_is_told_versions_sizes_and_counts_over_all_learners(
    store: Store, learner: Learner
) -> None:
    before = await store.facts()
    assert before.learners is not None
    assert before.attempts is not None
    assert before.memories is not None
    coach = wire(store, NoCache(), HashEmbedder(), SteppingClock(), Ids())
    await coach.practice.record_attempt(learner, report())
    facts = await store.facts()
    assert (facts.learners, facts.attempts, facts.memories) == (
        before.learners + 1,
        before.attempts + 1,
        before.memories + 1,
    )
    assert facts.server_version
    assert facts.vector_version
    assert facts.size_bytes > 1_000_000
    assert (facts.embedded, facts.row_security, facts.pending_migrations) == (False, True, ())


# --- What goes wrong leaves as ours.


async def test_a_second_row_under_the_same_key_is_a_conflict(
    store: Store, learner: Learner
) -> None:
    event = uuid4()
    with pytest.raises(Conflict):  # noqa: PT012 - the block is what is tested
        async with store.writing(learner.id, learner.subject) as uow:
            await uow.learner.audit(event, "once", "profile", NOW)
            await uow.learner.audit(event, "twice", "profile", NOW)


@pytest.mark.parametrize("hours", [0.0, 169.0, 1e9, float("nan"), float("inf")])
async def test_a_value_the_schema_refuses_is_invalid_and_not_quoted(
    store: Store, learner: Learner, hours: float
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        async with store.writing(learner.id, learner.subject) as uow:
            await uow.learner.save_profile(Profile(name="Ada", hours_per_week=hours), NOW)
    _is_discreet(refusal.value)


async def test_text_that_no_database_keeps_is_invalid(store: Store, learner: Learner) -> None:
    for name in ("nul \x00", "half a pair \ud800"):
        with pytest.raises(InvalidInput):
            async with store.writing(learner.id, learner.subject) as uow:
                await uow.learner.save_profile(Profile(name=name), NOW)


async def test_nobody_listening_is_said_without_the_drivers_words(postgres: URL) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    url = URL.create(
        "postgresql+asyncpg", "ada", "pa55word", "127.0.0.1", port=port, database="secret"
    )
    store = await open_store(
        database_url=url.render_as_string(hide_password=False), data_dir=Path()
    )
    content = Content(skill_graph(), catalogue(), content_version())
    learner = Learner.of("nobody")
    uses: list[Callable[[], Awaitable[object]]] = [
        store.ping,
        lambda: store.prepare(content),
        lambda: _name(store, learner),
    ]
    for use in uses:
        with pytest.raises(StoreUnavailable) as refusal:
            await use()
        _is_discreet(refusal.value)
    await store.close()


async def test_a_wrong_password_is_said_without_repeating_it(postgres: URL) -> None:
    url = postgres.set(password="pa55word")
    store = await open_store(
        database_url=url.render_as_string(hide_password=False), data_dir=Path()
    )
    with pytest.raises(StoreUnavailable) as refusal:
        await store.ping()
    _is_discreet(refusal.value)
    await store.close()


async def test_a_backend_that_was_terminated_is_unavailable_then_replaced(
    store: Store, learner: Learner
) -> None:
    with pytest.raises(StoreUnavailable, match="nothing was written"):  # noqa: PT012 - the block is what is tested
        async with store.writing(learner.id, learner.subject) as uow:
            pid = await uow.learner._connection.scalar(text("SELECT pg_backend_pid()"))
            async with store.engine.connect() as other:
                await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            await uow.learner.save_profile(Profile(name="Ada"), NOW)
    assert await _name(store, learner) is None


async def test_a_connection_that_died_in_the_pool_is_replaced_and_nobody_notices(
    store: Store, one_connection: Store, learner: Learner
) -> None:
    await _save(one_connection, learner)
    uses: list[Callable[[], Awaitable[object]]] = [
        one_connection.ping,
        lambda: one_connection.generation(learner.id),
        lambda: _name(one_connection, learner),
        lambda: _save(one_connection, learner),
    ]
    for use in uses:
        async with one_connection.reading(learner.id) as uow:
            pid = await uow.learner._connection.scalar(text("SELECT pg_backend_pid()"))
        async with store.engine.connect() as other:
            await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        await use()


async def test_the_generation_alone_is_that_of_a_unit_of_work(
    store: Store, learner: Learner
) -> None:
    assert await store.generation(learner.id) == 0
    async with store.writing(learner.id, learner.subject) as uow:
        assert await store.generation(learner.id) == 0
    assert await store.generation(learner.id) == uow.generation
    assert await store.generation(Learner.of("somebody else").id) == 0


@asynccontextmanager
async def _way_lost_at(word: bytes, store: Store, *, answered: bool) -> AsyncIterator[Store]:
    """The same database over a way that is cut when the client says `word`: before the server
    hears of it, or as its answer comes back."""
    _, server = store.engine.dialect.create_connect_args(store.engine.url)
    host, port = server["host"], int(server.get("port", 5432))
    socket_file = f"{host}/.s.PGSQL.{port}"

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if host.startswith("/"):
            answers, asked = await asyncio.open_unix_connection(socket_file)
        else:
            answers, asked = await asyncio.open_connection(host, port)
        cut = asyncio.Event()

        async def bring_back() -> None:
            while (data := await answers.read(1 << 16)) and not cut.is_set():
                writer.write(data)

        async with asyncio.TaskGroup() as tasks:
            back = tasks.create_task(bring_back())
            while data := await reader.read(1 << 16):
                if word in data:
                    cut.set()
                    if answered:
                        asked.write(data)
                        await back
                    break
                asked.write(data)
            for end in (asked, writer):
                end.close()

    async with await asyncio.start_server(carry, "127.0.0.1", 0) as way:
        address = way.sockets[0].getsockname()
        url = store.engine.url.difference_update_query(["host", "port"])
        engine = create_engine(
            url.set(host=address[0], port=address[1]), pool_size=1, max_overflow=0
        )
        yield Store(engine)
        await engine.dispose()


@pytest.mark.parametrize("written", [False, True])
async def test_a_connection_lost_during_the_commit_leaves_it_open_what_was_written(
    store: Store, learner: Learner, written: bool
) -> None:
    async with _way_lost_at(b"COMMIT", store, answered=written) as unsafe:
        with pytest.raises(StoreUnavailable) as refusal:
            await _save(unsafe, learner)
    assert await _name(store, learner) == ("Ada" if written else None)
    assert "not known" in refusal.value.explain()
    assert "same id" in refusal.value.explain()
    assert "nothing was written" not in refusal.value.explain()
    _is_discreet(refusal.value)


@pytest.mark.parametrize("answered", [False, True])
async def test_a_connection_lost_before_the_commit_wrote_nothing(
    store: Store, learner: Learner, answered: bool
) -> None:
    async with _way_lost_at(b"INSERT INTO", store, answered=answered) as unsafe:
        with pytest.raises(StoreUnavailable, match="nothing was written"):
            await _save(unsafe, learner)
    assert await _name(store, learner) is None


async def test_a_connection_lost_while_reading_wrote_nothing(
    store: Store, learner: Learner
) -> None:
    async with _way_lost_at(b"COMMIT", store, answered=True) as unsafe:
        with pytest.raises(StoreUnavailable, match="nothing was written"):
            await _name(unsafe, learner)


async def _save(store: Store, learner: Learner) -> None:
    async with store.writing(learner.id, learner.subject) as uow:
        await uow.learner.save_profile(Profile(name="Ada"), NOW)


def _is_discreet(error: CoachError) -> None:
    told = f"{error} {error.explain()}"
    for word in ("pa55word", "secret", "Ada", "INSERT", "asyncpg", "sqlalchemy", "$1"):
        assert word not in told


# --- Bounded waits.


@pytest.fixture
async def one_connection(postgres: URL, store: Store) -> AsyncIterator[Store]:
    """The same database through a pool of one, which nobody waits for longer than a moment."""
    url = store.engine.url
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    yield Store(engine)
    await engine.dispose()


async def test_an_exhausted_pool_is_busy_and_does_not_hang(
    one_connection: Store, learner: Learner
) -> None:
    async with one_connection.reading(learner.id):
        with pytest.raises(StoreUnavailable, match="busy"):
            await one_connection.ping()
    await one_connection.ping()


async def test_one_learners_burst_of_writes_takes_one_connection_at_a_time(
    one_connection: Store, learner: Learner
) -> None:
    async def write() -> None:
        async with one_connection.writing(learner.id, learner.subject) as uow:
            await uow.learner.save_profile(Profile(name="Ada"), NOW)

    await asyncio.gather(*(write() for _ in range(100)))
    assert await _name(one_connection, learner) == "Ada"


async def test_a_cancelled_call_gives_its_connection_back(
    one_connection: Store, learner: Learner
) -> None:
    inside = asyncio.Event()

    async def wait() -> None:
        async with one_connection.writing(learner.id, learner.subject) as uow:
            await uow.learner.save_profile(Profile(name="Ada"), NOW)
            inside.set()
            await asyncio.Event().wait()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(wait)
        await inside.wait()
        tasks.cancel_scope.cancel()
    assert await _name(one_connection, learner) is None


async def test_a_query_cancelled_while_it_runs_gives_its_connection_back(
    one_connection: Store, store: Store, learner: Learner
) -> None:
    running = text("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)'")

    async def is_running() -> bool:
        async with store.engine.connect() as connection:  # each transaction looks only once
            return bool(await connection.scalar(running))

    async def sleep() -> None:
        async with one_connection.reading(learner.id) as uow:
            await uow.learner._connection.execute(text("SELECT pg_sleep(30)"))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(sleep)
        while not await is_running():
            pass
        tasks.cancel_scope.cancel()
    await one_connection.ping()


async def test_waiting_for_another_writer_ends_within_the_lock_timeout(
    store: Store, one_connection: Store, learner: Learner
) -> None:
    async with store.writing(learner.id, learner.subject):
        pass
    async with store.writing(learner.id, learner.subject):
        with pytest.raises(StoreUnavailable, match="busy"):  # noqa: PT012 - the block is what is tested
            async with one_connection._connections.transaction(greet) as (connection, _):
                await connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
                await connection.execute(
                    text("UPDATE learner SET generation = 0 WHERE id = :id"), {"id": learner.id}
                )


# --- A store of its own, whose server is killed.


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncIterator[Store]:
    """An embedded store of this test alone."""
    store = await open_store(database_url=None, data_dir=tmp_path, pool_size=8, max_overflow=8)
    await store.prepare(Content(skill_graph(), catalogue(), content_version()))
    yield store
    await store.close()


async def test_every_acknowledged_attempt_survives_a_killed_server_exactly_once(
    embedded: Store, tmp_path: Path
) -> None:
    """Two hundred attempts of ten learners, each retried under its id until it is acknowledged."""
    clock = SteppingClock()
    coach = wire(embedded, NoCache(), HashEmbedder(), clock, Ids())
    problems = [problem.slug for problem in catalogue()][:10]
    learners = {Learner.of(f"learner {n}"): [uuid4() for _ in range(20)] for n in range(10)}
    refused: list[UUID] = []
    acknowledged = asyncio.Semaphore(0)

    async def practise(learner: Learner, ids: list[UUID]) -> None:
        for n, attempt in enumerate(ids):
            clock.forward(hours=1)
            while True:
                try:
                    await coach.practice.record_attempt(learner, report(problems[n % 10]), attempt)
                    break
                except StoreUnavailable:
                    refused.append(attempt)
            acknowledged.release()

    async def kill_twice() -> None:
        for share in (40, 60):
            for _ in range(share):
                await acknowledged.acquire()
            pid = (await asyncio.to_thread(status, tmp_path)).pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)

    async with asyncio.timeout(50):
        await asyncio.gather(
            kill_twice(), *(practise(learner, ids) for learner, ids in learners.items())
        )
    assert refused, "the server was killed while attempts were under way"
    for learner, ids in learners.items():
        async with embedded.reading(learner.id) as uow:
            assert [attempt.id for attempt in await uow.practice.attempts_touched(None)] == ids
            assert await uow.memory.count() == len(await uow.practice.evidence(99)) == 20
            state, reviews = await uow.practice.learner_state(), await uow.practice.reviews()
        assert await coach.practice.replay(learner) == 20
        async with embedded.reading(learner.id) as uow:
            assert await uow.practice.learner_state() == state
            assert await uow.practice.reviews() == reviews
    await coach.backlog.aclose()
