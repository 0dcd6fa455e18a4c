"""Whose rows are seen and written: two locks, each tried with the other one open."""

from __future__ import annotations

import inspect
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any, get_type_hints
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db import Content, Store, UnitOfWork
from db.engine import create_engine
from db.models import APP_ROLE, metadata, private_tables
from db.models.security import LEARNER_SETTING
from maang_mcp.app import wire
from maang_mcp.cache import NoCache
from maang_mcp.content.loader import catalogue, content_version, skill_graph
from maang_mcp.domain.attempt import Attempt, Outcome
from maang_mcp.domain.company import company
from maang_mcp.domain.errors import Conflict, StaleWrite
from maang_mcp.domain.interview import Interview
from maang_mcp.domain.lesson import Occurrence
from maang_mcp.domain.lexical import query_terms
from maang_mcp.domain.mastery import LearnerState
from maang_mcp.domain.memory import Memory, MemoryKind, passages_of
from maang_mcp.domain.problem import custom_problem
from maang_mcp.domain.profile import Learner, Profile
from maang_mcp.domain.real_interview import RealInterview, RealResult
from maang_mcp.domain.rubric import FinalScore
from maang_mcp.domain.search import EmbeddedText, IndexedPassage, LabelKind, Recalled, SearchFilter
from maang_mcp.domain.skills import Round
from maang_mcp.domain.standing import Consequence, Standing, practise
from maang_mcp.domain.study_plan import Feasibility, StudyPlan
from maang_mcp.domain.transcript import Speaker, Turn
from maang_mcp.domain.weakness import Label, Trend, Weakness, WeaknessKind
from maang_mcp.services.requests import Plan
from tests.factories import NOW, HashEmbedder, Ids, SteppingClock, report
from tests.lives import (
    ASKED,
    CUSTOM,
    SECOND_MODEL,
    SECOND_MODEL_TEXT,
    Life,
    check_of,
    live,
    loop_at,
)

PRIVATE = {table.name: column for table, column in private_tables()}
SHARED = {table.name for table in metadata.sorted_tables} - PRIVATE.keys()

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def resident() -> Learner:
    """Somebody with a row in every private table."""
    return Learner.of(f"resident-{uuid4()}")


@pytest.fixture(scope="module")
async def life(store: Store, resident: Learner) -> Life:
    """What the resident did."""
    clock = SteppingClock()
    coach = wire(store, NoCache(), HashEmbedder(), clock, Ids())
    lived = await live(coach, resident, clock)
    await coach.interviews.start(resident, Plan())
    async with store.writing(resident.id, resident.subject) as uow:
        overcome = replace(_weakness(lived), name="heap")
        await uow.practice.open_weakness(uuid4(), overcome)
        await uow.practice.resolve_weakness(replace(overcome, resolved_at=NOW))
        await _add_plan(uow, uuid4())
    await coach.backlog.aclose()
    return lived


@pytest.fixture
def unlocked(store: Store) -> Store:
    """The store as a superuser uses it: row-level security does not bind."""
    return Store(store.engine)


@asynccontextmanager
async def _as_app(store: Store, learner: UUID | str | None) -> AsyncIterator[AsyncConnection]:
    async with store.engine.connect() as connection:
        await connection.execute(text(f"SET LOCAL ROLE {APP_ROLE}"))
        if learner is not None:
            await connection.execute(
                text("SELECT set_config(:name, :learner, true)"),
                {"name": LEARNER_SETTING, "learner": str(learner)},
            )
        yield connection


async def _count(connection: AsyncConnection, table: str) -> int:
    counted: int = (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()
    return counted


async def _rows_of(store: Store, learner: Learner) -> Rows:
    """Everything that is somebody's, as only a superuser can see it."""
    async with store.engine.connect() as connection:
        return {
            table: [
                row
                for (row,) in await connection.execute(
                    text(
                        f"SELECT to_jsonb(t) FROM {table} t WHERE {column} = :learner"
                        " ORDER BY to_jsonb(t)"
                    ),
                    {"learner": learner.id},
                )
            ]
            for table, column in PRIVATE.items()
        }


# --- The second lock alone: row-level security under queries that forgot their filter.


async def test_every_table_with_a_learner_is_locked_for_its_owner_too(store: Store) -> None:
    async with store.engine.connect() as connection:
        owned = await connection.scalars(
            text(
                "SELECT table_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND column_name = 'learner_id'"
            )
        )
        assert {*owned, "learner"} == PRIVATE.keys()
        locked = await connection.scalars(
            text(
                "SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid"
                " WHERE relrowsecurity AND relforcerowsecurity AND polcmd = '*'"
                " AND polqual IS NOT NULL AND polwithcheck IS NOT NULL"
            )
        )
        assert set(locked) == PRIVATE.keys()


@pytest.mark.parametrize("table", PRIVATE)
async def test_a_forgotten_filter_shows_nothing_of_anybody_else(
    store: Store, resident: Learner, life: Life, table: str
) -> None:
    async with _as_app(store, resident.id) as connection:
        assert await _count(connection, table) > 0
    for nobody in (uuid4(), "", None):
        async with _as_app(store, nobody) as connection:
            assert await _count(connection, table) == 0


@pytest.mark.parametrize("table", PRIVATE)
async def test_a_forgotten_filter_changes_nothing_of_anybody_else(
    store: Store, life: Life, table: str
) -> None:
    column = PRIVATE[table]
    async with _as_app(store, uuid4()) as connection:
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
            assert (await connection.execute(text(statement))).rowcount == 0


@pytest.mark.parametrize("table", PRIVATE)
async def test_nobody_writes_a_row_in_anothers_name(
    store: Store, resident: Learner, life: Life, table: str
) -> None:
    columns = ", ".join(c.name for c in metadata.tables[table].c if c.computed is None)
    (row, *_) = (await _rows_of(store, resident))[table]
    copy = text(
        f"INSERT INTO {table} ({columns}) SELECT {columns}"
        f" FROM jsonb_populate_record(CAST(NULL AS {table}), CAST(:row AS jsonb))"
    )
    async with _as_app(store, uuid4()) as connection:
        with pytest.raises(DBAPIError, match="row-level security"):
            await connection.execute(copy, {"row": json.dumps(row)})


@pytest.mark.parametrize("table", PRIVATE)
async def test_nobody_gives_a_row_away(
    store: Store, resident: Learner, life: Life, table: str
) -> None:
    async with _as_app(store, resident.id) as connection:
        with pytest.raises(DBAPIError, match="row-level security"):
            await connection.execute(
                text(f"UPDATE {table} SET {PRIVATE[table]} = :other"), {"other": uuid4()}
            )


async def test_the_role_may_do_what_the_use_cases_need_and_no_more(store: Store) -> None:
    everything = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    allowed = {
        **{table: set(everything[:4]) for table in PRIVATE},
        **{table: {"SELECT"} for table in SHARED},
        "embedder": {"SELECT", "INSERT"},
        "alembic_version": set(),
    }
    async with store.engine.connect() as connection:
        tables = await connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        assert set(tables) == allowed.keys()
        for table, wanted in allowed.items():
            found = {
                privilege
                for privilege in everything
                if await connection.scalar(
                    text("SELECT has_table_privilege(:role, :table, :privilege)"),
                    {"role": APP_ROLE, "table": table, "privilege": privilege},
                )
            }
            assert found == wanted, table
        role = await connection.execute(
            text(
                "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolcanlogin"
                " FROM pg_roles WHERE rolname = :role"
            ),
            {"role": APP_ROLE},
        )
        assert role.scalar_one() is False


@pytest.mark.parametrize("table", sorted(SHARED))
async def test_shared_content_is_read_only(store: Store, table: str) -> None:
    async with _as_app(store, uuid4()) as connection:
        await _count(connection, table)
        with pytest.raises(DBAPIError, match="permission denied"):
            await connection.execute(text(f"DELETE FROM {table}"))


async def test_a_unit_of_work_runs_under_the_role_and_leaves_no_trace_of_it(
    store: Store, learner: Learner
) -> None:
    async with store.writing(learner.id, learner.subject) as uow:
        connection = uow.learner._connection
        assert await connection.scalar(text("SELECT current_user")) == APP_ROLE
    async with store.reading(learner.id) as uow:
        connection = uow.learner._connection
        assert await connection.scalar(text("SELECT current_user")) == APP_ROLE
        assert await _count(connection, "learner") == 1
    async with store.engine.connect() as connection:
        assert await connection.scalar(text("SELECT current_user")) != APP_ROLE
        setting = text(f"SELECT current_setting('{LEARNER_SETTING}', true)")
        assert not await connection.scalar(setting)


# --- The first lock alone: every repository query names the learner.


def _attempt(id: UUID) -> Attempt:
    return Attempt(id, "two-sum", Round.CODING, Outcome.FAILED, NOW)


def _consequence(id: UUID) -> Consequence:
    problem = catalogue().get("two-sum")
    assert problem is not None
    return practise(Standing(), _attempt(id), problem)


def _real(id: UUID) -> RealInterview:
    return RealInterview(id, RealResult.PASSED, NOW, NOW, Round.CODING, "Acme", None, 0.5)


def _memory(id: UUID) -> tuple[Memory, list[IndexedPassage]]:
    memory = Memory(id, MemoryKind.NOTE, "Elevators", "Elevators sweep.", NOW)
    return memory, [IndexedPassage(passage, None) for passage in passages_of(memory)]


async def _add_attempt(uow: UnitOfWork, id: UUID) -> None:
    problem = catalogue().get("two-sum")
    assert problem is not None
    await uow.practice.add_attempt(_attempt(id), problem, request="", answer={}, recorded_at=NOW)


Call = Callable[[UnitOfWork, Life, Interview], Awaitable[object]]


def _recall(uow: UnitOfWork) -> Awaitable[Recalled]:
    return uow.memory.recall(
        terms=query_terms("elevators"),
        vector=None,
        embedder_identity="words-hashed",
        search=SearchFilter(),
        limit=9,
    )


LATER = NOW + timedelta(days=365)
LONG_AGO = NOW - timedelta(days=3650)

# What each query answers somebody who has nothing, asked for what the resident has.
READS: dict[str, tuple[Call, object]] = {
    "learner.profile": (lambda u, life, i: u.learner.profile(), Profile()),
    "practice.answered": (lambda u, life, i: u.practice.answered(life.attempt), None),
    "practice.get_attempt": (lambda u, life, i: u.practice.get_attempt(life.attempt), None),
    "practice.attempts_in": (lambda u, life, i: u.practice.attempts_in(life.interview), []),
    "practice.evidence": (lambda u, life, i: u.practice.evidence(9), []),
    "practice.count_attempts": (lambda u, life, i: u.practice.count_attempts(), 0),
    "practice.recent_attempts": (lambda u, life, i: u.practice.recent_attempts(9), []),
    "practice.attempts_touched": (
        lambda u, life, i: u.practice.attempts_touched(None, [ASKED]),
        [],
    ),
    "practice.first_attempt_at": (lambda u, life, i: u.practice.first_attempt_at(ASKED), None),
    "practice.sitting": (lambda u, life, i: u.practice.sitting(9), []),
    "practice.practised": (lambda u, life, i: u.practice.practised(), []),
    "practice.learner_state_before": (
        lambda u, life, i: u.practice.learner_state_before(LATER),
        LearnerState.new(),
    ),
    "practice.weaknesses_open_at": (lambda u, life, i: u.practice.weaknesses_open_at(LATER), []),
    "tags.problems_of": (lambda u, life, i: u.tags.problems_of(company("ACME")), frozenset()),
    "tags.companies": (lambda u, life, i: u.tags.companies(), []),
    "practice.learner_state": (lambda u, life, i: u.practice.learner_state(), LearnerState.new()),
    "practice.standing": (lambda u, life, i: u.practice.standing(ASKED), Standing()),
    "practice.reviews": (lambda u, life, i: u.practice.reviews(), []),
    "practice.custom_problems": (lambda u, life, i: u.practice.custom_problems(), []),
    "practice.open_weaknesses": (lambda u, life, i: u.practice.open_weaknesses(), []),
    "practice.resolved_weaknesses": (lambda u, life, i: u.practice.resolved_weaknesses(9), []),
    "plans.answered": (lambda u, life, i: u.plans.answered(life.plan), None),
    "plans.latest": (lambda u, life, i: u.plans.latest(), None),
    "plans.replaced": (lambda u, life, i: u.plans.replaced(), []),
    "plans.at_hand": (lambda u, life, i: u.plans.at_hand(LATER.date(), UTC), None),
    "plans.done": (lambda u, life, i: u.plans.done(NOW, UTC), []),
    "progress.outcome_counts": (lambda u, life, i: u.progress.outcome_counts(), []),
    "progress.attempts_before": (lambda u, life, i: u.progress.attempts_before(LATER), {}),
    "progress.moments": (lambda u, life, i: u.progress.moments(), []),
    "progress.practice": (lambda u, life, i: u.progress.practice(LONG_AGO), []),
    "progress.levels": (lambda u, life, i: u.progress.levels(LONG_AGO, LATER), {}),
    "progress.mocks": (lambda u, life, i: u.progress.mocks(), []),
    "progress.rubric_scores": (lambda u, life, i: u.progress.rubric_scores(9), []),
    "memory.get": (lambda u, life, i: u.memory.get(life.note), None),
    "memory.previous_turns": (lambda u, life, i: u.memory.previous_turns("chat-1", 9, 9), []),
    "memory.conversation": (lambda u, life, i: u.memory.conversation("chat-1"), []),
    "memory.current": (lambda u, life, i: u.memory.current(MemoryKind.LESSON), []),
    "lessons.get": (lambda u, life, i: u.lessons.get(life.occurrence), None),
    "lessons.of": (lambda u, life, i: u.lessons.of(life.note), []),
    "lessons.counts": (lambda u, life, i: u.lessons.counts([life.note]), {}),
    "lessons.latest_attempt": (lambda u, life, i: u.lessons.latest_attempt(ASKED, LATER), None),
    "retrievals.times": (lambda u, life, i: u.retrievals.times(life.note), 0),
    "memory.next_position": (lambda u, life, i: u.memory.next_position("chat-1"), 0),
    "memory.recall": (lambda u, life, i: _recall(u), Recalled((), None, 0, 0)),
    "vectors.waiting": (lambda u, life, i: u.vectors.waiting("another", 9), []),
    "vectors.count_waiting": (lambda u, life, i: u.vectors.count_waiting("another"), 0),
    "vectors.of_texts": (
        lambda u, life, i: u.vectors.of_texts([SECOND_MODEL_TEXT], SECOND_MODEL),
        {},
    ),
    "memory.labels": (lambda u, life, i: u.memory.labels(LabelKind.PROBLEM), []),
    "memory.successor": (lambda u, life, i: u.memory.successor(life.superseded), None),
    "memory.count": (lambda u, life, i: u.memory.count(), 0),
    "interview.get": (lambda u, life, i: u.interview.get(i.id), None),
    "interview.open_ones": (lambda u, life, i: u.interview.open_ones(), []),
    "interview.recent": (lambda u, life, i: u.interview.recent(9), []),
    "interview.finished_with": (lambda u, life, i: u.interview.finished_with(i.id), None),
    "interview.transcript": (lambda u, life, i: u.interview.transcript(i.id), []),
    "interview.answered_step": (
        lambda u, life, i: u.interview.answered_step(i.id, life.step),
        None,
    ),
    "interview.dimension_scores": (lambda u, life, i: u.interview.dimension_scores(9), []),
    "interview.count": (lambda u, life, i: u.interview.count(), 0),
    "loops.latest": (lambda u, life, i: u.loops.latest(), None),
    "loops.get": (lambda u, life, i: u.loops.get(life.loop), None),
    "loops.verdicts": (lambda u, life, i: u.loops.verdicts(life.loop), {}),
    "real_interviews.get": (lambda u, life, i: u.real_interviews.get(life.real), None),
    "real_interviews.all": (lambda u, life, i: u.real_interviews.all(), []),
    "checks.latest": (lambda u, life, i: u.checks.latest(i.id), None),
}

# What becomes of each write that aims at the resident's rows: a result, or a refusal.
WRITES: dict[str, tuple[Call, object]] = {
    "learner.save_profile": (
        lambda u, life, i: u.learner.save_profile(Profile(name="Eve"), NOW),
        None,
    ),
    "learner.audit": (lambda u, life, i: u.learner.audit(uuid4(), "look", "there", NOW), None),
    "learner.erase": (lambda u, life, i: u.learner.erase(), None),
    "practice.add_attempt": (lambda u, life, i: _add_attempt(u, life.attempt), None),
    "practice.remove_attempt": (lambda u, life, i: u.practice.remove_attempt(life.attempt), False),
    "practice.save_consequence": (
        lambda u, life, i: u.practice.save_consequence(_consequence(life.attempt)),
        Conflict,
    ),
    "practice.rebuild": (lambda u, life, i: u.practice.rebuild([], Standing()), None),
    "practice.add_custom_problem": (
        lambda u, life, i: u.practice.add_custom_problem(custom_problem(CUSTOM), NOW),
        None,
    ),
    "practice.complete_custom_problem": (
        lambda u, life, i: u.practice.complete_custom_problem(custom_problem(CUSTOM)),
        None,
    ),
    "practice.open_weakness": (
        lambda u, life, i: u.practice.open_weakness(uuid4(), _weakness(life)),
        None,
    ),
    "practice.resolve_weakness": (
        lambda u, life, i: u.practice.resolve_weakness(replace(_weakness(life), resolved_at=NOW)),
        None,
    ),
    "practice.replace_weaknesses": (
        lambda u, life, i: u.practice.replace_weaknesses([(uuid4(), _weakness(life))]),
        None,
    ),
    "practice.drop_unused_problems": (
        lambda u, life, i: u.practice.drop_unused_problems(),
        None,
    ),
    "plans.add": (lambda u, life, i: _add_plan(u, life.plan), None),
    "tags.tag": (lambda u, life, i: u.tags.tag(ASKED, [company("ACME")], NOW), None),
    "tags.drop_unused": (lambda u, life, i: u.tags.drop_unused(), None),
    "memory.add": (lambda u, life, i: _add_memory(u, life.note), True),
    "memory.add_all": (lambda u, life, i: _added(u, life.note), True),
    "memory.supersede": (lambda u, life, i: u.memory.supersede(life.note, uuid4()), False),
    "lessons.add": (
        lambda u, life, i: u.lessons.add(life.note, Occurrence(uuid4(), NOW)),
        Conflict,
    ),
    "lessons.tag": (lambda u, life, i: u.lessons.tag(life.note, ["taken"]), None),
    "lessons.move": (lambda u, life, i: u.lessons.move(life.note, uuid4()), 0),
    "retrievals.count": (lambda u, life, i: u.retrievals.count({life.note: 9}, NOW), None),
    "memory.remove": (lambda u, life, i: u.memory.remove(life.note), False),
    "memory.remove_of": (
        lambda u, life, i: u.memory.remove_of(attempt_id=life.attempt, interview_id=None),
        None,
    ),
    "vectors.store": (
        lambda u, life, i: u.vectors.store(
            {(life.note, 0): EmbeddedText("Mine!", [1.0, *[0.0] * 383])}, "another"
        ),
        0,
    ),
    "vectors.adopt": (lambda u, life, i: u.vectors.adopt(SECOND_MODEL, 384, 9), 0),
    "interview.add": (lambda u, life, i: u.interview.add(replace(i, loop_id=None)), None),
    "interview.save": (lambda u, life, i: u.interview.save(i, before=i.version), StaleWrite),
    "interview.append_turns": (
        lambda u, life, i: u.interview.append_turns(
            i.id, [Turn(99, Speaker.CANDIDATE, i.phase, "Me too!", NOW)]
        ),
        Conflict,
    ),
    "interview.remember_step": (
        lambda u, life, i: u.interview.remember_step(i.id, uuid4(), "", {}),
        Conflict,
    ),
    "interview.add_scores": (
        lambda u, life, i: u.interview.add_scores(
            i.id, [FinalScore("charm", 4, 4, None, ("Me too!",), "")]
        ),
        Conflict,
    ),
    "loops.add": (lambda u, life, i: u.loops.add(loop_at(NOW)), None),
    "loops.abandon": (lambda u, life, i: u.loops.abandon(life.loop), None),
    "checks.add": (lambda u, life, i: u.checks.add(check_of(i.id, NOW)), Conflict),
    "real_interviews.add": (lambda u, life, i: u.real_interviews.add(_real(life.real)), None),
    "real_interviews.remove": (lambda u, life, i: u.real_interviews.remove(life.real), False),
    "interview.remove": (lambda u, life, i: u.interview.remove(i.id), False),
}


def _weakness(life: Life) -> Weakness:
    return Weakness(
        WeaknessKind.SKILL,
        life.weak_skill,
        5.0,
        0.9,
        Label.ESTABLISHED,
        9,
        Trend.STEADY,
        (),
        "",
        NOW,
    )


def _add_plan(uow: UnitOfWork, id: UUID) -> Awaitable[None]:
    plan = StudyPlan(
        id,
        NOW,
        NOW.date(),
        NOW.date(),
        8.0,
        frozenset(),
        (Round.CODING,),
        (),
        Feasibility(fits=True, required=0, available=0),
    )
    return uow.plans.add(plan, request="", answer={})


def _add_memory(uow: UnitOfWork, id: UUID) -> Awaitable[object]:
    memory, passages = _memory(id)
    return uow.memory.add(memory, passages, recorded_at=NOW, embedder_identity="words-hashed")


async def _added(uow: UnitOfWork, id: UUID) -> bool:
    memory, passages = _memory(id)
    return await uow.memory.add_all(
        [memory], passages, recorded_at=NOW, embedder_identity="words-hashed"
    ) == {id}


def test_every_query_is_tried() -> None:
    queries = {
        f"{noun}.{name}"
        for noun, repository in get_type_hints(UnitOfWork).items()
        for name, _ in inspect.getmembers(repository, inspect.isfunction)
        if not name.startswith("_")
    }
    assert queries == READS.keys() | WRITES.keys()


@pytest.fixture
async def theirs(store: Store, resident: Learner, life: Life) -> Interview:
    """The resident's interview."""
    async with store.reading(resident.id) as uow:
        found = await uow.interview.get(life.interview)
    assert found is not None
    return found


@pytest.mark.parametrize("query", READS)
async def test_a_query_without_the_second_lock_answers_only_from_ones_own_rows(
    unlocked: Store, learner: Learner, resident: Learner, life: Life, theirs: Interview, query: str
) -> None:
    call, nothing = READS[query]
    async with unlocked.reading(learner.id) as uow:
        assert await _count(uow.learner._connection, "attempt") > 0
        assert await call(uow, life, theirs) == nothing
    async with unlocked.reading(resident.id) as uow:
        assert await call(uow, life, theirs) != nothing


@pytest.mark.parametrize("query", WRITES)
async def test_a_write_without_the_second_lock_touches_only_ones_own_rows(
    unlocked: Store, learner: Learner, resident: Learner, life: Life, theirs: Interview, query: str
) -> None:
    call, result = WRITES[query]
    before = await _rows_of(unlocked, resident)
    if isinstance(result, type):
        with pytest.raises(result):
            async with unlocked.writing(learner.id, learner.subject) as uow:
                await call(uow, life, theirs)
    else:
        async with unlocked.writing(learner.id, learner.subject) as uow:
            assert await call(uow, life, theirs) == result
    assert await _rows_of(unlocked, resident) == before


async def test_a_search_without_the_second_lock_weighs_only_ones_own_passages(
    unlocked: Store, learner: Learner, life: Life
) -> None:
    async with unlocked.writing(learner.id, learner.subject) as uow:
        await _add_memory(uow, uuid4())
    async with unlocked.reading(learner.id) as uow:
        found = await _recall(uow)
    assert found.scanned == len(found.candidates) == 1


# --- Logins with fewer rights than the embedded server's.


@pytest.fixture
async def plain_login(
    postgres: URL, fresh_database: Callable[[], AbstractAsyncContextManager[URL]]
) -> AsyncIterator[tuple[URL, AsyncConnection]]:
    """The owner of a database of its own, who is nobody otherwise, and a superuser beside it."""
    name, password = f"plain_{uuid4().hex[:8]}", uuid4().hex
    async with fresh_database() as url:
        engine = create_engine(url, pool_size=1, max_overflow=0, isolation_level="AUTOCOMMIT")
        async with engine.connect() as admin:
            await admin.execute(text("CREATE EXTENSION vector"))
            await admin.execute(text(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'"))
            await admin.execute(text(f"ALTER DATABASE {url.database} OWNER TO {name}"))
            yield url.set(username=name, password=password), admin
            await admin.execute(text(f"REASSIGN OWNED BY {name} TO CURRENT_USER"))
            await admin.execute(text(f"DROP OWNED BY {name}"))
            await admin.execute(text(f"DROP ROLE {name}"))
        await engine.dispose()


async def _prepared(url: URL) -> Store:
    store = Store(create_engine(url, pool_size=2, max_overflow=0))
    await store.prepare(Content(skill_graph(), catalogue(), content_version()))
    return store


async def _acts_as_app(store: Store) -> bool:
    async with store.reading(uuid4()) as uow:
        role = await uow.learner._connection.scalar(text("SELECT current_user"))
    return bool(role == APP_ROLE)


async def _two_learners_apart(store: Store) -> None:
    coach = wire(store, NoCache(), HashEmbedder(), SteppingClock(), Ids())
    one, other = Learner.of(f"one-{uuid4()}"), Learner.of(f"other-{uuid4()}")
    for learner in (one, other):
        await coach.practice.record_attempt(learner, report("3sum", note=learner.subject))
    async with store.reading(one.id) as uow:
        assert await _count(uow.practice._connection, "attempt") == 1
        assert await _count(uow.practice._connection, "memory_chunk") == 2
    await coach.backlog.aclose()


async def test_a_login_that_may_not_become_the_role_is_bound_itself(
    store: Store, plain_login: tuple[URL, AsyncConnection], caplog: pytest.LogCaptureFixture
) -> None:
    url, _ = plain_login
    plain = await _prepared(url)
    assert not await _acts_as_app(plain)
    assert not caplog.records
    await _two_learners_apart(plain)
    facts = await plain.facts()
    assert facts.row_security
    assert (facts.learners, facts.attempts, facts.memories) == (None, None, None)
    await plain.close()


async def test_a_login_above_row_level_security_without_the_role_is_warned(
    store: Store, plain_login: tuple[URL, AsyncConnection], caplog: pytest.LogCaptureFixture
) -> None:
    url, admin = plain_login
    await admin.execute(text(f"ALTER ROLE {url.username} BYPASSRLS"))
    above = await _prepared(url)
    assert "by the queries alone" in caplog.text
    assert not (await above.facts()).row_security
    await above.close()


async def test_a_role_that_comes_after_the_tables_is_given_what_it_needs(
    store: Store, plain_login: tuple[URL, AsyncConnection]
) -> None:
    """What the doctor advises: an administrator makes the role and grants it; then `migrate`."""
    url, admin = plain_login
    before = await _prepared(url)
    await before.close()
    await admin.execute(text(f"DROP OWNED BY {APP_ROLE}"))  # as if it had not been there
    await admin.execute(text("REVOKE USAGE ON SCHEMA public FROM PUBLIC"))
    await admin.execute(text(f"GRANT {APP_ROLE} TO {url.username}"))
    after = await _prepared(url)
    assert await _acts_as_app(after)
    await _two_learners_apart(after)
    await after.close()


async def test_a_role_that_may_not_be_given_what_it_needs_is_not_acted_as(
    store: Store, plain_login: tuple[URL, AsyncConnection]
) -> None:
    url, admin = plain_login
    await admin.execute(text("CREATE SCHEMA extensions"))
    await admin.execute(text("ALTER EXTENSION vector SET SCHEMA extensions"))
    await admin.execute(text(f"GRANT USAGE ON SCHEMA extensions TO {url.username}"))
    await admin.execute(text(f"ALTER ROLE {url.username} SET search_path = public, extensions"))
    await admin.execute(text(f"GRANT {APP_ROLE} TO {url.username}"))
    bound = await _prepared(url)
    assert not await _acts_as_app(bound)
    await _two_learners_apart(bound)
    await bound.close()
    await admin.execute(text(f"GRANT USAGE ON SCHEMA extensions TO {APP_ROLE}"))
    after = await _prepared(url)
    assert await _acts_as_app(after)
    await _two_learners_apart(after)
    await after.close()


async def test_the_maker_of_the_role_becomes_it_though_it_was_not_told_so(
    store: Store, plain_login: tuple[URL, AsyncConnection]
) -> None:
    """As on managed Postgres 16 and later: who creates a role administers it, and that is all."""
    url, admin = plain_login
    version = await admin.scalar(text("SELECT current_setting('server_version_num')::int"))
    options = (
        "WITH ADMIN TRUE, INHERIT FALSE, SET FALSE" if version >= 160000 else "WITH ADMIN OPTION"
    )
    await admin.execute(text(f"GRANT {APP_ROLE} TO {url.username} {options}"))
    maker = await _prepared(url)
    assert await _acts_as_app(maker)
    await _two_learners_apart(maker)
    await maker.close()
